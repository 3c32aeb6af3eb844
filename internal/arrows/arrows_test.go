package arrows

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestArrowsPointDownwards(t *testing.T) {
	t.Parallel()
	for _, goos := range []string{"linux", "darwin", "windows"} {
		t.Run("on "+goos, func(t *testing.T) {
			t.Parallel()
			packages := list(t, goos)
			for _, v := range violations(rooms, packages) {
				t.Error(v)
			}
			for _, r := range rooms {
				if !slices.ContainsFunc(packages, func(p listed) bool { return local(p.ImportPath) == r.path }) {
					t.Errorf("%s has a row in rooms_test.go and no package", r.path)
				}
			}
		})
	}
}

func TestAForbiddenImportIsFound(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		pkg  listed
		want string // the beginning of the one violation, or "" for none
	}{
		{
			"the library imports a store",
			listed{ImportPath: "lambdasession", Imports: []string{"dynamostore"}},
			"lambdasession imports dynamostore;",
		},
		{
			"the library imports more of AWS than the events",
			listed{ImportPath: "lambdasession", Imports: []string{"github.com/aws/aws-lambda-go/lambda"}},
			"lambdasession imports github.com/aws/aws-lambda-go/lambda;",
		},
		{
			"a store imports the library",
			listed{ImportPath: "memstore", Imports: []string{"lambdasession"}},
			"memstore imports lambdasession;",
		},
		{
			"a store looks for credentials by itself",
			listed{ImportPath: "dynamostore", Imports: []string{"github.com/aws/aws-sdk-go-v2/config"}},
			"dynamostore imports github.com/aws/aws-sdk-go-v2/config;",
		},
		{
			"a flag parser outside of the command",
			listed{ImportPath: "localtest", Imports: []string{"github.com/alecthomas/kong"}},
			"localtest imports github.com/alecthomas/kong;",
		},
		{
			"a folder of a room breaks the room's rule",
			listed{ImportPath: "dynamostore/internal/item", Imports: []string{"lambdasession"}},
			"dynamostore/internal/item imports lambdasession;",
		},
		{
			"something forbidden comes in through what is allowed",
			listed{ImportPath: "memstore", Imports: []string{"store"}, Deps: []string{"store", "go.yaml.in/yaml/v3"}},
			`memstore gets ["go.yaml.in/yaml/v3"] through`,
		},
		{
			"a test imports what no test may",
			listed{ImportPath: "store", XTestImports: []string{"github.com/stretchr/testify"}},
			"store imports github.com/stretchr/testify in a test;",
		},
		{
			"a package stands in no room",
			listed{ImportPath: "helpers"},
			"helpers is in no room",
		},
		{
			"a path that only begins like a room is not that room",
			listed{ImportPath: "memstore", Imports: []string{"storeroom"}},
			"memstore imports storeroom;",
		},
		{
			"a room imports what it may, itself and the standard library",
			listed{
				ImportPath: "dynamostore",
				Imports:    []string{"errors", "store", "dynamostore/internal/item", "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"},
				Deps:       []string{"errors", "internal/abi", "store", "github.com/aws/smithy-go"},
			},
			"",
		},
		{
			"what an allowed room is made of comes along",
			listed{ImportPath: "localtest", Imports: []string{"dynamostore"}, Deps: []string{"dynamostore", "store", "github.com/aws/smithy-go"}},
			"",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := violations(rooms, []listed{full(tc.pkg)})
			switch {
			case tc.want == "" && len(got) > 0:
				t.Errorf("got %q, want none", got)
			case tc.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], tc.want)):
				t.Errorf("got %q, want one that begins with %q", got, tc.want)
			}
		})
	}
}

func TestTheRootsGraphStaysSmall(t *testing.T) {
	t.Parallel()
	var mod struct {
		Require []struct {
			Path     string
			Indirect bool
		}
		Replace, Tool []any
	}
	if err := json.Unmarshal(run(t, runtime.GOOS, "mod", "edit", "-json"), &mod); err != nil {
		t.Fatal(err)
	}

	t.Run("go install refuses a go.mod with a replace directive, so it has none", func(t *testing.T) {
		t.Parallel()
		if len(mod.Replace) > 0 {
			t.Errorf("go.mod replaces %v", mod.Replace)
		}
	})
	t.Run("the tools stay in tools/go.mod", func(t *testing.T) {
		t.Parallel()
		if len(mod.Tool) > 0 {
			t.Errorf("go.mod names the tools %v", mod.Tool)
		}
	})
	t.Run("every direct requirement has a reason", func(t *testing.T) {
		t.Parallel()
		for _, r := range mod.Require {
			if _, known := requirements[r.Path]; !known && !r.Indirect {
				t.Errorf("%s is required; no reason for it stands in rooms_test.go", r.Path)
			}
		}
	})
}

// full turns the folders of a table's row into import paths.
func full(p listed) listed {
	for _, list := range [][]string{p.Imports, p.TestImports, p.XTestImports, p.Deps} {
		for i, path := range list {
			if first, _, _ := strings.Cut(path, "/"); strings.Contains(first, "store") || first == "lambdasession" {
				list[i] = module + "/" + path
			}
		}
	}
	p.ImportPath = module + "/" + p.ImportPath
	return p
}

// list asks the go command for every package of the root module.
func list(t *testing.T, goos string) []listed {
	t.Helper()
	out := run(t, goos, "list", "-json=ImportPath,Imports,TestImports,XTestImports,Deps", "./...")
	var packages []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages
		}
		if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// run is the go command in the root module, as if on that system.
func run(t *testing.T, goos string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = filepath.Join("..", "..")
	cmd.Env = append(os.Environ(), "GOOS="+goos, "CGO_ENABLED=0")
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		t.Fatalf("%v: %v\n%s", cmd, err, exit.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}
