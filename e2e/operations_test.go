package e2e

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// What the library logs and which errors it exports stand on the page for
// operators, so that whoever searches it for a line of a log finds what to do;
// and what it explains there is what the library says.
func TestPageForOperators(t *testing.T) {
	t.Parallel()
	bytes, err := os.ReadFile(filepath.Join(root, "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(bytes)
	var lines, names, texts []string
	for _, folder := range []string{"lambdasession", "store", "dynamostore", "redisstore", "cookiestore", "sealedstore", "memstore", "functions"} {
		for _, file := range sources(t, filepath.Join(root, folder)) {
			lines = append(lines, logged(file)...)
			texts = append(texts, literals(file)...)
			if folder == "lambdasession" || folder == "store" {
				names = append(names, exportedErrors(file)...)
			}
		}
	}
	if len(lines) < 10 || len(names) < 10 {
		t.Fatalf("found only the lines %q and the errors %q", lines, names)
	}

	t.Run("every line that can be in the log is there", func(t *testing.T) {
		t.Parallel()
		for _, line := range lines {
			if !strings.Contains(page, "| `"+line+"` |") {
				t.Errorf("docs/operations.md has no row for the line %q", line)
			}
		}
	})
	t.Run("the words that it explains are the library's", func(t *testing.T) {
		t.Parallel()
		said := strings.Join(texts, "\n")
		words := explained(page)
		if len(words) < 20 {
			t.Fatalf("found only %q", words)
		}
		for _, w := range words {
			if !strings.Contains(said, w) {
				t.Errorf("docs/operations.md explains %q, which nothing says", w)
			}
		}
	})
	t.Run("every exported error is there", func(t *testing.T) {
		t.Parallel()
		for _, name := range names {
			if !strings.Contains(page, name+"`") {
				t.Errorf("docs/operations.md does not mention %s", name)
			}
		}
	})
}

// sources parses what is no test under a folder.
func sources(t *testing.T, folder string) (files []*ast.File) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || strings.HasSuffix(d.Name(), "test")):
			return fs.SkipDir
		case filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		files = append(files, file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// logged is what calls such as logger.WarnContext(ctx, "message", ...) and
// slog.Error("message", ...) say.
func logged(file *ast.File) (messages []string) {
	methods := []string{"Log", "Debug", "DebugContext", "Info", "InfoContext", "Warn", "WarnContext", "Error", "ErrorContext"}
	ast.Inspect(file, func(n ast.Node) bool {
		call, isCall := n.(*ast.CallExpr)
		if !isCall {
			return true
		}
		method, isMethod := call.Fun.(*ast.SelectorExpr)
		if !isMethod || !slices.Contains(methods, method.Sel.Name) {
			return true
		}
		for _, arg := range call.Args[:min(len(call.Args), 3)] { // a context and a level may come first
			if text, isText := arg.(*ast.BasicLit); isText && text.Kind == token.STRING {
				if message, err := strconv.Unquote(text.Value); err == nil {
					messages = append(messages, message)
				}
				return true
			}
		}
		return true
	})
	return messages
}

// explained are the words in the first column of the page's table of errors,
// without the names in the code.
func explained(page string) (words []string) {
	_, section, _ := strings.Cut(page, "\n### Errors\n")
	section, _, _ = strings.Cut(section, "\n#")
	names := regexp.MustCompile(`\([^)]*\)`)
	for line := range strings.Lines(section) {
		cells := strings.Split(line, " | ")
		if len(cells) < 3 {
			continue
		}
		for _, quoted := range regexp.MustCompile("`[^`]+`").FindAllString(names.ReplaceAllString(cells[0], ""), -1) {
			words = append(words, strings.ReplaceAll(strings.Trim(quoted, "`"), `"…"`, "%q"))
		}
	}
	return words
}

// literals are a file's strings.
func literals(file *ast.File) (texts []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		if text, isText := n.(*ast.BasicLit); isText && text.Kind == token.STRING {
			if unquoted, err := strconv.Unquote(text.Value); err == nil {
				texts = append(texts, unquoted)
			}
		}
		return true
	})
	return texts
}

// exportedErrors are the names of a file's exported errors: variables such as
// ErrEnded and types such as FieldError.
func exportedErrors(file *ast.File) (names []string) {
	for _, d := range file.Decls {
		general, isGeneral := d.(*ast.GenDecl)
		if !isGeneral {
			continue
		}
		for _, spec := range general.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if spec.Name.IsExported() && strings.HasSuffix(spec.Name.Name, "Error") {
					names = append(names, spec.Name.Name)
				}
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					if strings.HasPrefix(name.Name, "Err") {
						names = append(names, name.Name)
					}
				}
			}
		}
	}
	return names
}
