package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
)

// application is a copy of testdata/app that a test may change: a module beside
// no other, with the versions that this one has.
type application struct {
	t      *testing.T
	folder string
}

func copyApplication(t *testing.T) *application {
	t.Helper()
	a := &application{t, t.TempDir()}
	for _, name := range []string{"hello", "bye"} {
		t.Cleanup(func() { // what it leaves in the user's cache
			_ = os.RemoveAll(filepath.Dir(buildDir(template.Function{ID: "any", CodeDir: filepath.Join(a.folder, name)})))
		})
	}
	if err := os.CopyFS(a.folder, os.DirFS(filepath.Join("testdata", "app"))); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		content, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		a.write(name, strings.Replace(string(content), "module github.com/lambdasession/lambdasession-go", "module app", 1))
	}
	a.write("hello/words/words.go", "package words\n\nconst Comma = \"\"\n")
	a.edit("hello/main.go", `import (`, "import (\n\t\"app/hello/words\"\n")
	a.edit("hello/main.go", `+ " " +`, `+ words.Comma + " " +`)
	return a
}

func (a *application) write(name, content string) {
	a.t.Helper()
	name = filepath.Join(a.folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		a.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		a.t.Fatal(err)
	}
}

// edit replaces a text in a file, as editors do: in a new one that is moved over
// the old.
func (a *application) edit(name, old, by string) {
	a.t.Helper()
	name = filepath.Join(a.folder, filepath.FromSlash(name))
	content, err := os.ReadFile(name)
	if err != nil {
		a.t.Fatal(err)
	}
	if !strings.Contains(string(content), old) {
		a.t.Fatalf("there is no %q in %s", old, name)
	}
	if err := os.WriteFile(name+"~", []byte(strings.Replace(string(content), old, by, 1)), 0o600); err != nil {
		a.t.Fatal(err)
	}
	if err := os.Rename(name+"~", name); err != nil {
		a.t.Fatal(err)
	}
}

func (a *application) start(command localCommand) *localRun {
	a.t.Helper()
	command.Template = filepath.Join(a.folder, "template.yaml")
	command.Store = "memory"
	return startLocal(a.t, command)
}

// wantBody checks what /hello/Ada answers.
func (r *localRun) wantBody(t *testing.T, want string) {
	t.Helper()
	if status, body := r.get(t, "/hello/Ada"); status != 200 || body != want {
		t.Errorf("got %d %q, want %q", status, body, want)
	}
}

func TestRebuild(t *testing.T) {
	t.Parallel()

	t.Run("a changed line is seen", func(t *testing.T) {
		t.Parallel()
		app := copyApplication(t)
		run := app.start(localCommand{})
		run.wantBody(t, "hello Ada")
		app.edit("hello/main.go", `" " + r`, `" dear " + r`)
		run.output.next(t, `rebuilding Hello, process \d+ started \.+ +\d+ ms$`)
		run.output.next(t, `the sessions in memory went with the process from before$`)
		run.wantBody(t, "hello dear Ada")
	})

	t.Run("so is one of a package that the function uses, and of one that it begins to use", func(t *testing.T) {
		t.Parallel()
		app := copyApplication(t)
		run := app.start(localCommand{})
		app.edit("hello/words/words.go", `""`, `","`)
		run.output.next(t, `rebuilding Hello, process \d+ started \.+ +\d+ ms$`)
		run.wantBody(t, "hello, Ada")

		app.write("hello/marks/marks.go", "package marks\n\nconst Comma = \";\"\n")
		app.edit("hello/words/words.go", `const Comma = ","`, "import \"app/hello/marks\"\n\nconst Comma = marks.Comma\n")
		run.output.next(t, `rebuilding Hello, process \d+ started \.+ +\d+ ms$`)
		run.wantBody(t, "hello; Ada")

		app.edit("hello/marks/marks.go", `";"`, `"!"`)
		run.output.next(t, `rebuilding Hello, process \d+ started \.+ +\d+ ms$`)
		run.wantBody(t, "hello! Ada")
	})

	t.Run("a compile error is shown, and the program before goes on until it is mended", func(t *testing.T) {
		t.Parallel()
		app := copyApplication(t)
		run := app.start(localCommand{})
		app.edit("hello/main.go", `" " + r`, `" " + nobody + r`)
		run.output.next(t, `rebuilding Hello \.+ failed$`)
		run.output.next(t, `main\.go:\d+:\d+: undefined: nobody$`)
		run.output.next(t, `^Hello goes on with the program from before$`)
		run.wantBody(t, "hello Ada")
		app.edit("hello/main.go", `nobody`, `"mended "`)
		run.output.next(t, `rebuilding Hello, process \d+ started \.+ +\d+ ms$`)
		run.wantBody(t, "hello mended Ada")
	})

	t.Run("a program that does not start is shown, and the one before goes on, also in a new process", func(t *testing.T) {
		t.Parallel()
		app := copyApplication(t)
		run := app.start(localCommand{})
		app.edit("hello/main.go", `"GREETING") == ""`, `"GREETING") != ""`)
		run.output.next(t, `rebuilding Hello, process \d+ ended: exit status 1 \.+ failed$`)
		run.output.next(t, `^starting function Hello: Runtime\.ExitError: `)
		run.output.next(t, `^Hello goes on with the program from before$`)
		run.get(t, "/die")
		run.wantBody(t, "hello Ada")
	})

	t.Run("a change that does not change the program swaps nothing", func(t *testing.T) {
		t.Parallel()
		app := copyApplication(t)
		run := app.start(localCommand{})
		app.write("go.sum", readFile(t, filepath.Join(app.folder, "go.sum"))+"\n")
		run.output.next(t, `rebuilding Hello, its program is the same \.+ +\d+ ms$`)
		run.wantBody(t, "hello Ada")
	})

	t.Run("only the functions are rebuilt that a change belongs to", func(t *testing.T) {
		t.Parallel()
		app := copyApplication(t)
		app.write("bye/main.go", strings.ReplaceAll(readFile(t, filepath.Join(app.folder, "hello", "main.go")), "GREETING", "PATH"))
		app.edit("template.yaml", "  Hello:\n", "  Bye: { Type: AWS::Serverless::Function, Properties: { Runtime: provided.al2023, CodeUri: bye, Events: { Bye: { Type: HttpApi, Properties: { Path: /bye, Method: GET } } } } }\n  Hello:\n")
		run := app.start(localCommand{})
		app.edit("bye/main.go", `" " + r`, `" farewell " + r`)
		run.output.next(t, `rebuilding Bye, process \d+ started`)
		app.edit("hello/main.go", `" " + r`, `" dear " + r`)
		run.output.next(t, `rebuilding Hello, process \d+ started`)
		app.edit("hello/words/words.go", `""`, `","`)
		run.output.next(t, `rebuilding Bye, process \d+ started`)
		run.output.next(t, `rebuilding Hello, process \d+ started`)
	})

	t.Run("a changed template is announced", func(t *testing.T) {
		t.Parallel()
		app := copyApplication(t)
		run := app.start(localCommand{})
		app.edit("template.yaml", "GREETING: hello", "GREETING: moin")
		run.output.next(t, `^template\.yaml changed: Ctrl-C and start again to apply it$`)
		run.wantBody(t, "hello Ada")
	})

	t.Run("with --no-watch nothing is rebuilt", func(t *testing.T) {
		t.Parallel()
		app := copyApplication(t)
		blind := app.start(localCommand{NoWatch: true})
		seeing := app.start(localCommand{})
		app.edit("hello/main.go", `" " + r`, `" dear " + r`)
		seeing.output.next(t, `rebuilding Hello, process \d+ started \.+ +\d+ ms$`)
		seeing.wantBody(t, "hello dear Ada")
		blind.wantBody(t, "hello Ada")
	})
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
