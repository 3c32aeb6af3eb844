package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// terminal is what the user watches: one line after the other, from several
// goroutines. Where lines can be taken back, the last one says what is under way;
// elsewhere, such as in a file, a step's line stands there from its beginning.
type terminal struct {
	color bool
	live  bool // lines can be taken back

	mu      sync.Mutex
	w       io.Writer // guarded by mu
	open    *step     // whose line waits for its end, if not live; guarded by mu
	running []*step   // what is under way, if live; guarded by mu
}

// newTerminal makes a terminal that is coloured only for eyes that like it:
// if the file is one, and not if NO_COLOR is set (https://no-color.org).
func newTerminal(f *os.File) *terminal {
	info, err := f.Stat()
	live := err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
	return &terminal{w: f, color: live && os.Getenv("NO_COLOR") == "", live: live}
}

// printf prints a line.
func (t *terminal) printf(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.interrupt()
	fmt.Fprintf(t.w, format+"\n", args...)
	t.draw()
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
	s := &step{terminal: t, what: what, began: time.Now()}
	if t.live {
		t.running = append(t.running, s)
		t.draw()
		return s
	}
	fmt.Fprintf(t.w, "  %s", what)
	t.open = s
	return s
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
	t.running = slices.DeleteFunc(t.running, func(r *step) bool { return r == s })
	dots := " " + strings.Repeat(".", max(1, 60-len(s.what))) + " "
	if err != nil {
		fmt.Fprintln(t.w, t.paint(dim, dots)+t.paint(red, "failed"))
	} else {
		fmt.Fprintln(t.w, t.paint(dim, dots+took))
	}
	t.draw()
}

// step runs a step of its own.
func (t *terminal) step(what string, do func() error) error {
	s := t.begin(what)
	err := do()
	s.end(err)
	return err
}

// interrupt makes room for a line: it takes back the one that says what is under
// way, or else ends it. The caller holds mu.
func (t *terminal) interrupt() {
	if len(t.running) > 0 {
		fmt.Fprint(t.w, "\r\x1b[K")
	}
	if t.open != nil {
		fmt.Fprintln(t.w, t.paint(dim, " ..."))
		t.open = nil
	}
}

// draw says what is under way, on a line that interrupt can take back: one that
// fits into 80 columns. The caller holds mu.
func (t *terminal) draw() {
	if len(t.running) == 0 {
		return
	}
	what := make([]string, len(t.running))
	for i, s := range t.running {
		what[i] = s.what
	}
	const most = 70
	line := []rune(strings.Join(what, ", "))
	fmt.Fprint(t.w, t.paint(dim, "  "+string(line[:min(len(line), most)])+" ..."))
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
