package main

import (
	"context"
	"debug/elf"
	"fmt"
	"path/filepath"
	"runtime"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
)

// architectures are Lambda's, by the machine that a program names.
// https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
var architectures = map[elf.Machine]string{elf.EM_AARCH64: "arm64", elf.EM_X86_64: "x86_64"}

// takeBuilt returns the program that sam has built of a function, if this machine
// can run it.
func takeBuilt(_ context.Context, f template.Function) (bootstrap string, err error) {
	bootstrap = filepath.Join(f.CodeDir, bootstrapName)
	if runtime.GOOS != "linux" {
		return "", fmt.Errorf("%s: %s is built for Linux, which this machine does not run: serve the template of its source", f.ID, bootstrap)
	}
	program, err := elf.Open(bootstrap)
	if err != nil {
		return "", fmt.Errorf("%s: %s is no program for Linux: %w", f.ID, bootstrap, err)
	}
	defer func() { _ = program.Close() }()
	built, here := architectures[program.Machine], architectures[machine()]
	if built == "" {
		built = program.Machine.String()
	}
	if built != here {
		return "", fmt.Errorf("%s: %s is built for %s, and this machine is %s: build it with Architectures [%s], which for a template with such a parameter is sam build --parameter-overrides Architecture=%s",
			f.ID, bootstrap, built, here, here, here)
	}
	return bootstrap, nil
}

// machine is this one.
func machine() elf.Machine {
	if runtime.GOARCH == "arm64" {
		return elf.EM_AARCH64
	}
	return elf.EM_X86_64
}
