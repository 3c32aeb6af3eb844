package deploy

import (
	"context"
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// tool returns the path of a program that e2e/deploy/requirements.txt pins.
func tool(name string) (string, error) {
	folder, err := samEnvironment()
	if err != nil {
		return "", fmt.Errorf("scripts/sam-env: %w", err)
	}
	path := filepath.Join(folder, name)
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("%w: run scripts/setup sam", err)
	}
	return path, nil
}

var samEnvironment = sync.OnceValues(func() (string, error) {
	folder, err := exec.Command(filepath.Join(root, "scripts", "sam-env")).Output()
	return strings.TrimSpace(string(folder)), err
})

// run runs a tool in the repository's folder and returns what it prints.
func run(ctx context.Context, name string, args ...string) (string, error) {
	path, err := tool(name)
	if err != nil {
		return "", err
	}
	return runIn(ctx, path, args...)
}

func runIn(ctx context.Context, path string, args ...string) (string, error) {
	command := exec.CommandContext(ctx, path, args...)
	command.Dir = root
	sam, err := samEnvironment()
	if err != nil {
		return "", err
	}
	command.Env = append(os.Environ(),
		"PATH="+sam+string(filepath.ListSeparator)+os.Getenv("PATH"),
		"ARCHITECTURE="+thisArchitecture(),
		"AWS_DEFAULT_REGION=us-east-1",
		"SAM_CLI_TELEMETRY=0",
	)
	var complaints strings.Builder
	command.Stderr = &complaints
	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s%s", filepath.Base(path), strings.Join(args, " "), err, output, &complaints)
	}
	return string(output), nil
}

// samBuild builds the functions for this machine, outside of the repository.
func samBuild(ctx context.Context, folder string) error {
	script, err := filepath.Abs(filepath.Join(root, "scripts", "sam-build"))
	if err != nil {
		return err
	}
	_, err = runIn(ctx, script, "--build-dir", folder)
	return err
}

// samconfigParameters are the parameters that an environment of samconfig.toml
// deploys with.
func samconfigParameters(path, environment string) (map[string]string, error) {
	config, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	_, section, found := strings.Cut(string(config), "["+environment+".global.parameters]")
	section, _, _ = strings.Cut(section, "\n[")
	overrides := regexp.MustCompile(`(?m)^parameter_overrides = "(.*)"$`).FindStringSubmatch(section)
	if !found || overrides == nil {
		return nil, fmt.Errorf("%s: %s.global.parameters has no parameter_overrides", path, environment)
	}
	parameters := map[string]string{}
	for override := range strings.FieldsSeq(overrides[1]) {
		name, value, _ := strings.Cut(override, "=")
		parameters[name] = value
	}
	return parameters, nil
}

func TestTheTemplateHasNothingToComplainAbout(t *testing.T) {
	t.Parallel()
	t.Run("by sam", func(t *testing.T) {
		t.Parallel()
		if _, err := run(t.Context(), "sam", "validate", "--lint", "--template", "template.yaml"); err != nil {
			t.Error(err)
		}
	})
	t.Run("by cfn-lint", func(t *testing.T) {
		t.Parallel()
		if _, err := run(t.Context(), "cfn-lint", "--include-checks", "I", "--", "template.yaml"); err != nil {
			t.Error(err)
		}
	})
}

func TestAFunctionIsOneStaticProgram(t *testing.T) {
	t.Parallel()
	for _, id := range functions() {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			files, err := os.ReadDir(filepath.Join(built.folder, id))
			if err != nil {
				t.Fatal(err)
			}
			if len(files) != 1 || files[0].Name() != "bootstrap" {
				t.Fatalf("the artefact holds %v, want bootstrap alone", files)
			}
			program, err := elf.Open(bootstrap(id))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = program.Close() }()
			if libraries, err := program.ImportedLibraries(); err != nil || len(libraries) > 0 {
				t.Errorf("it links with %v (%v): Lambda's image need not have that", libraries, err)
			}
			if program.Section(".symtab") != nil || program.Section(".debug_info") != nil {
				t.Error("it carries symbols or debug information, which every cold start loads")
			}
			binary, err := os.ReadFile(bootstrap(id))
			if err != nil {
				t.Fatal(err)
			}
			if here, _ := filepath.Abs(root); strings.Contains(string(binary), here) {
				t.Errorf("it holds the path %s of this machine", here)
			}
			if strings.Contains(string(binary), "net/rpc.") {
				t.Error("it holds net/rpc, which the tag lambda.norpc leaves out")
			}
		})
	}
}

func bootstrap(function string) string { return filepath.Join(built.folder, function, "bootstrap") }
