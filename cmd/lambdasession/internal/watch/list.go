package watch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
)

// listed is what the go command tells of a package.
type listed struct {
	Dir           string // empty if there is none
	ImportPath    string
	Standard      bool
	Module        *module
	EmbedPatterns []string
}

type module struct {
	Path    string
	Main    bool
	Dir     string
	GoMod   string
	Replace *struct{ Version string }
}

// own reports whether the module's files are the user's to change: it is being
// worked on, or it stands in for another from a folder.
func (m *module) own() bool {
	return m != nil && (m.Main || m.Replace != nil && m.Replace.Version == "")
}

// List asks the go command for the sources of the program in a folder. Command
// makes a call of it that runs there, in the environment and with the flags of
// the build: they decide which files count.
//
// A program that cannot be built has sources as well, among them the packages
// that it misses: the folders of its own modules where they would be.
func List(ctx context.Context, command func(ctx context.Context, args ...string) *exec.Cmd) (Sources, error) {
	packages, err := list(ctx, command)
	if err != nil {
		return Sources{}, fmt.Errorf("listing the sources: %w", err)
	}
	workspace, err := output(command(ctx, "env", "GOWORK"))
	if err != nil {
		return Sources{}, fmt.Errorf("listing the sources: %w", err)
	}
	modules := map[string]*module{} // the own ones, by path
	for _, p := range packages {
		if p.Module.own() {
			modules[p.Module.Path] = p.Module
		}
	}
	var s Sources
	for _, m := range modules {
		s.choice(m.GoMod, "go.sum")
	}
	if file := strings.TrimSpace(string(workspace)); file != "" && file != "off" {
		s.choice(file, "go.work.sum")
	}
	for _, p := range packages {
		folder := p.Dir
		switch {
		case p.Standard || p.Module != nil && !p.Module.own():
			continue
		case folder == "":
			if folder = missing(modules, p.ImportPath); folder == "" {
				continue
			}
		}
		added := source{folder: resolve(folder)}
		for _, text := range p.EmbedPatterns {
			added.embeds = append(added.embeds, newPattern(text))
		}
		s.packages = append(s.packages, added)
	}
	return s, nil
}

// choice adds a file that chooses versions, with its sums beside it.
func (s *Sources) choice(file, sums string) {
	file = resolve(file)
	s.files = append(s.files, file, filepath.Join(filepath.Dir(file), sums))
}

// missing is the folder where a package would be that is not there, or "" if
// that is none of the user's.
func missing(modules map[string]*module, importPath string) string {
	for prefix := importPath; ; {
		if m := modules[prefix]; m != nil {
			return filepath.Join(m.Dir, filepath.FromSlash(strings.TrimPrefix(importPath, prefix)))
		}
		end := strings.LastIndexByte(prefix, '/')
		if end < 0 {
			return ""
		}
		prefix = prefix[:end]
	}
}

// list lists the program with all that it imports, directly or not.
func list(ctx context.Context, command func(ctx context.Context, args ...string) *exec.Cmd) ([]listed, error) {
	out, err := output(command(ctx, "list", "-e", "-deps", "-json=Dir,ImportPath,Standard,Module,EmbedPatterns", "."))
	if err != nil {
		return nil, err
	}
	var packages []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages, nil
		}
		if err != nil {
			return nil, err
		}
		packages = append(packages, p)
	}
}

// output is what a command prints. Its error has what the command said of it.
func output(command *exec.Cmd) ([]byte, error) {
	out, err := command.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && len(exit.Stderr) > 0 {
		return nil, fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
	}
	return out, err
}
