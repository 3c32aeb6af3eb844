package console

import (
	"slices"
	"strings"
	"time"
)

// build is how a function's last build went.
type build struct {
	Function string
	Running  bool
	Count    int           // how often it was built
	At       time.Time     // when the last one ended
	Took     time.Duration // the last one
	Problem  string        // what the last one failed with
}

// Building notes that a function is being built, by its logical id. What the
// build before it failed with stays until its end.
func (j *Journal) Building(function string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.build(function).Running = true
	j.state = j.touch()
}

// Built notes the end of a build. An error is shown in full until the function
// has been built again.
func (j *Journal) Built(function string, took time.Duration, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	b := j.build(function)
	b.Running, b.At, b.Took, b.Problem = false, j.now(), took, ""
	b.Count++
	if err != nil {
		b.Problem = shorten(strings.TrimSpace(err.Error()), 64<<10)
	}
	j.state = j.touch()
}

// Notice shows a line on top of the page, in place of the one before, for as
// long as the program runs.
func (j *Journal) Notice(text string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.notice = text
	j.state = j.touch()
}

// build finds a function's build or makes it. The caller holds mu.
func (j *Journal) build(function string) *build {
	i := slices.IndexFunc(j.builds, func(b build) bool { return b.Function == function })
	if i < 0 {
		i = len(j.builds)
		j.builds = append(j.builds, build{Function: function})
	}
	return &j.builds[i]
}
