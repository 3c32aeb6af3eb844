package main

import (
	"debug/elf"
	"encoding/binary"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
)

func TestABuiltFunction(t *testing.T) {
	t.Parallel()
	take := func(t *testing.T, content []byte) (string, error) {
		t.Helper()
		f := template.Function{ID: "Shop", CodeDir: t.TempDir(), Built: true}
		if err := os.WriteFile(filepath.Join(f.CodeDir, bootstrapName), content, 0o600); err != nil {
			t.Fatal(err)
		}
		return takeBuilt(t.Context(), f)
	}
	program, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}

	t.Run("is run as it is", func(t *testing.T) {
		t.Parallel()
		bootstrap, err := take(t, program)
		if err != nil || filepath.Base(bootstrap) != bootstrapName {
			t.Errorf("got %q, %v", bootstrap, err)
		}
	})

	t.Run("for another machine is refused with what to build", func(t *testing.T) {
		t.Parallel()
		other, here := elf.EM_AARCH64, "x86_64"
		if runtime.GOARCH == "arm64" {
			other, here = elf.EM_X86_64, "arm64"
		}
		foreign := append([]byte{}, program...)
		binary.LittleEndian.PutUint16(foreign[18:], uint16(other)) // e_machine
		_, err := take(t, foreign)
		if err == nil || !strings.HasSuffix(err.Error(), "--parameter-overrides Architecture="+here) {
			t.Errorf("got %v", err)
		}
	})

	t.Run("that is no program is refused", func(t *testing.T) {
		t.Parallel()
		if _, err := take(t, []byte("#!/bin/sh\n")); err == nil || !strings.Contains(err.Error(), "is no program for Linux") {
			t.Errorf("got %v", err)
		}
	})
}
