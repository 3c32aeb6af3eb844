package main

import (
	"runtime/debug"
	"testing"
)

func TestVersionLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		info debug.BuildInfo
		want string
	}{
		{
			"a release says its version",
			debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Version: "v0.1.0"}},
			"lambdasession v0.1.0, go1.26.8",
		},
		{
			"a build from a clone says its commit",
			debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Version: "(devel)"}, Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "2ea9"}}},
			"lambdasession built from source at 2ea9, go1.26.8",
		},
		{
			"a build without a repository says so",
			debug.BuildInfo{GoVersion: "go1.26.8"},
			"lambdasession built from source, go1.26.8",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := versionLine(&c.info); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
