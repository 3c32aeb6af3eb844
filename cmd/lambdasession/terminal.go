package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// terminal is what the user watches: one line after the other, from several
// goroutines.
type terminal struct {
	color bool

	mu   sync.Mutex
	w    io.Writer // guarded by mu
	open *step     // whose line waits for its end; guarded by mu
}

// newTerminal makes a terminal that is coloured only for eyes that like it:
// if the file is one, and not if NO_COLOR is set (https://no-color.org).
func newTerminal(f *os.File) *terminal {
	info, err := f.Stat()
	device := err == nil && info.Mode()&os.ModeCharDevice != 0
	return &terminal{
		w:     f,
		color: device && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb",
	}
}

// printf prints a line.
func (t *terminal) printf(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.interrupt()
	fmt.Fprintf(t.w, format+"\n", args...)
}

// step is something that takes its time: its line says what it is while it runs
// and how long it took when it is done.
type step struct {
	terminal *terminal
	began    time.Time
	what     string // guarded by terminal.mu
	ended    bool   // guarded by terminal.mu
}

func (t *terminal) begin(what string) *step {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.interrupt()
	fmt.Fprintf(t.w, "  %s", what)
	t.open = &step{terminal: t, what: what, began: time.Now()}
	return t.open
}

// add says more on the step's line. It returns false if the step has ended.
func (s *step) add(text string) bool {
	t := s.terminal
	t.mu.Lock()
	defer t.mu.Unlock()
	if s.ended {
		return false
	}
	s.what += ", " + text
	if t.open == s {
		fmt.Fprintf(t.w, ", %s", text)
	}
	return true
}

// end ends the step's line. The error itself is shown elsewhere.
func (s *step) end(err error) {
	took := fmt.Sprintf("%6d ms", time.Since(s.began).Milliseconds())
	t := s.terminal
	t.mu.Lock()
	defer t.mu.Unlock()
	s.ended = true
	if t.open != s { // the line was left for others
		t.interrupt()
		fmt.Fprintf(t.w, "  %s", s.what)
	}
	t.open = nil
	dots := " " + strings.Repeat(".", max(1, 60-len(s.what))) + " "
	if err != nil {
		fmt.Fprintln(t.w, t.paint(dim, dots)+t.paint(red, "failed"))
		return
	}
	fmt.Fprintln(t.w, t.paint(dim, dots+took))
}

// step runs a step of its own.
func (t *terminal) step(what string, do func() error) error {
	s := t.begin(what)
	err := do()
	s.end(err)
	return err
}

// interrupt ends the line of a step that is under way. The caller holds mu.
func (t *terminal) interrupt() {
	if t.open != nil {
		fmt.Fprintln(t.w, t.paint(dim, " ..."))
		t.open = nil
	}
}

// The few ANSI colours used here.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

func (t *terminal) paint(style, text string) string {
	if !t.color {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}
