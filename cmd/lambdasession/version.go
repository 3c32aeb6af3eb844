package main

import (
	"fmt"
	"runtime/debug"
)

// versionCommand is "lambdasession version".
type versionCommand struct{}

// Run prints the version that the go command put into the program.
func (versionCommand) Run() error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	_, err := fmt.Println(versionLine(info))
	return err
}

// versionLine is a release's version, or else the commit.
func versionLine(info *debug.BuildInfo) string {
	version := info.Main.Version
	if version == "" || version == "(devel)" {
		version = "built from source"
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				version += " at " + s.Value
			}
		}
	}
	return "lambdasession " + version + ", " + info.GoVersion
}
