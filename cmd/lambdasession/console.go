package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// console is what the user watches: one line after the other, from several
// goroutines.
type console struct {
	color bool

	mu   sync.Mutex
	w    io.Writer // guarded by mu
	open bool      // a step's line waits for its end; guarded by mu
}

// newConsole makes a console that is coloured only for eyes that like it:
// on a terminal, and not if NO_COLOR is set (https://no-color.org).
func newConsole(f *os.File) *console {
	info, err := f.Stat()
	terminal := err == nil && info.Mode()&os.ModeCharDevice != 0
	return &console{
		w:     f,
		color: terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb",
	}
}

// printf prints a line.
func (c *console) printf(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.interrupt()
	fmt.Fprintf(c.w, format+"\n", args...)
}

// step is something that takes its time: its line says what it is while it runs
// and how long it took when it is done.
type step struct {
	console *console
	began   time.Time
	what    string // guarded by console.mu
	ended   bool   // guarded by console.mu
}

func (c *console) begin(what string) *step {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.interrupt()
	fmt.Fprintf(c.w, "  %s", what)
	c.open = true
	return &step{console: c, what: what, began: time.Now()}
}

// add says more on the step's line. It returns false if the step has ended.
func (s *step) add(text string) bool {
	c := s.console
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.ended {
		return false
	}
	s.what += ", " + text
	if c.open {
		fmt.Fprintf(c.w, ", %s", text)
	}
	return true
}

// end ends the step's line. The error itself is shown elsewhere.
func (s *step) end(err error) {
	took := fmt.Sprintf("%6d ms", time.Since(s.began).Milliseconds())
	c := s.console
	c.mu.Lock()
	defer c.mu.Unlock()
	s.ended = true
	if !c.open { // the line was left for others
		fmt.Fprintf(c.w, "  %s", s.what)
	}
	c.open = false
	dots := " " + strings.Repeat(".", max(1, 60-len(s.what))) + " "
	if err != nil {
		fmt.Fprintln(c.w, c.paint(dim, dots)+c.paint(red, "failed"))
		return
	}
	fmt.Fprintln(c.w, c.paint(dim, dots+took))
}

// step runs a step of its own.
func (c *console) step(what string, do func() error) error {
	s := c.begin(what)
	err := do()
	s.end(err)
	return err
}

// interrupt ends the line of a step that is under way. The caller holds mu.
func (c *console) interrupt() {
	if c.open {
		fmt.Fprintln(c.w, c.paint(dim, " ..."))
		c.open = false
	}
}

// lines returns a writer of whole lines that puts the name of who speaks before
// each.
func (c *console) lines(name string) io.Writer {
	return &prefixed{c, c.paint(dim, name+" | ")}
}

// prefixed is a console that prints a prefix before each line. It is handed
// whole lines.
type prefixed struct {
	console *console
	prefix  string
}

func (p *prefixed) Write(lines []byte) (int, error) {
	for line := range bytes.Lines(lines) {
		p.console.printf("%s%s", p.prefix, bytes.TrimSuffix(line, []byte("\n")))
	}
	return len(lines), nil
}

// The few ANSI colours used here.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

func (c *console) paint(style, text string) string {
	if !c.color {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}
