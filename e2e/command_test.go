package e2e

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestCommand runs the scripts. $ROOT is the repository, $BIN the folder of the
// command, $GOROOT/bin that of the go command. Beside testscript's own commands they have
//
//	status N program [arg...]   runs a program that must end with status N
//	sessions-table [who/where]  makes a table of sessions: see scriptTable
//	taken-port                  takes a port of 127.0.0.1, which is $PORT
//	start [flag...]             runs "lambdasession local" until it is ready
//	interrupt                   presses Ctrl-C: it must end with 0, and all that it started with it
//	terminate                   sends SIGTERM, likewise
//	hang-up                     sends SIGHUP, likewise, as a terminal that is closed does
//	kill-it                     kills it by force: all that it started must end with it
func TestCommand(t *testing.T) {
	t.Parallel()
	variables := goVariables(t)
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(e *testscript.Env) error {
			for name, value := range variables {
				e.Setenv(name, value)
			}
			e.Values[startedKey{}] = &started{}
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"status": func(ts *testscript.TestScript, _ bool, args []string) {
				want, err := strconv.Atoi(args[0])
				ts.Check(err)
				got := 0
				if exit, ok := errors.AsType[*exec.ExitError](ts.Exec(args[1], args[2:]...)); ok {
					got = exit.ExitCode()
				}
				if got != want {
					ts.Fatalf("it ended with %d, want %d", got, want)
				}
			},
			"sessions-table": scriptTable(t),
			"taken-port": func(ts *testscript.TestScript, _ bool, _ []string) {
				listener, err := net.Listen("tcp", "127.0.0.1:0")
				ts.Check(err)
				ts.Defer(func() { _ = listener.Close() })
				_, port, err := net.SplitHostPort(listener.Addr().String())
				ts.Check(err)
				ts.Setenv("PORT", port)
			},
			"start": func(ts *testscript.TestScript, _ bool, args []string) {
				running, err := startLocal(ts.MkAbs("."), args...)
				ts.Check(err)
				ts.Value(startedKey{}).(*started).local = running
			},
			"interrupt": func(ts *testscript.TestScript, _ bool, _ []string) {
				ts.Check(ts.Value(startedKey{}).(*started).end(os.Interrupt))
			},
			"terminate": func(ts *testscript.TestScript, _ bool, _ []string) {
				ts.Check(ts.Value(startedKey{}).(*started).end(syscall.SIGTERM))
			},
			"hang-up": func(ts *testscript.TestScript, _ bool, _ []string) {
				ts.Check(ts.Value(startedKey{}).(*started).end(syscall.SIGHUP))
			},
			"kill-it": func(ts *testscript.TestScript, _ bool, _ []string) {
				running := ts.Value(startedKey{}).(*started)
				running.kill()
				ts.Check(running.nothingLeft())
			},
		},
	})
}

// started is what a script has started.
type (
	started    struct{ *local }
	startedKey struct{}
)

// goVariables are what the command and the go command want to know of their
// user, whose home the scripts do not see.
func goVariables(t *testing.T) map[string]string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	repository, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	variables := map[string]string{
		"BIN":            filepath.Dir(command),
		"PATH":           filepath.Dir(command) + string(os.PathListSeparator) + os.Getenv("PATH"),
		"ROOT":           repository,
		"XDG_CACHE_HOME": cache,
	}
	names := []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOROOT"}
	output, err := exec.CommandContext(t.Context(), "go", append([]string{"env"}, names...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	for i, value := range strings.Split(strings.TrimSuffix(string(output), "\n"), "\n") {
		variables[names[i]] = value
	}
	return variables
}
