//go:build unix

package localtest_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// machine is an environment where nothing is installed but what a test puts
// there, as shell scripts.
type machine struct {
	t        *testing.T
	bin, tmp string
}

func newMachine(t *testing.T) machine {
	m := machine{t: t, bin: t.TempDir(), tmp: t.TempDir()}
	for _, name := range []string{"sh", "rm", "mkdir", "touch", "sleep"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(m.bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	cache := t.TempDir()
	t.Setenv("PATH", m.bin)
	t.Setenv("TMPDIR", m.tmp)
	t.Setenv("HOME", cache)
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("JAVA_HOME", "")
	t.Setenv("DYNAMODB_LOCAL_ENDPOINT", "")
	return m
}

// install puts a program there. In its script, $notes is a file to write to.
func (m machine) install(name, script string) {
	m.t.Helper()
	script = "#!/bin/sh\nnotes='" + m.notesFile() + "'\n" + script
	if err := os.WriteFile(filepath.Join(m.bin, name), []byte(script), 0o755); err != nil {
		m.t.Fatal(err)
	}
}

func (m machine) notesFile() string { return filepath.Join(m.bin, "notes") }

// notes are the lines that the programs wrote down.
func (m machine) notes() []string {
	b, err := os.ReadFile(m.notesFile())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		m.t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(b)), "\n")
}

// wantClean fails the test if a temporary file is left.
func (m machine) wantClean() {
	m.t.Helper()
	left, err := os.ReadDir(m.tmp)
	if err != nil {
		m.t.Fatal(err)
	}
	if len(left) != 0 {
		m.t.Errorf("left: %v", left)
	}
}

// scripts that stand for the programs
const (
	java17 = `[ "$1" = -version ] && { echo 'openjdk version "17.0.15" 2025-04-15' >&2; exit; }
`
	javaThatListens = java17 + `echo "java $$" >>"$notes"
echo '[main] INFO org.eclipse.jetty.server.AbstractConnector - Started ServerConnector@1{HTTP/1.1}'
exec sleep 600`

	mavenThatDownloads = `echo mvn >>"$notes"
for arg; do case $arg in -DoutputDirectory=*) mkdir "${arg#*=}"; touch "${arg#*=}/DynamoDBLocal.jar";; esac; done`
)
