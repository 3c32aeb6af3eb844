package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

var errNotConfirmed = errors.New("nothing was revoked")

// confirm asks, and returns an error unless the answer is yes. It may leave a
// goroutine behind that waits for a key, which no context can end: the program
// ends then.
func confirm(ctx context.Context, in io.Reader, out io.Writer, question string) error {
	fmt.Fprintf(out, "%s [y/N] ", question)
	answers := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(in).ReadString('\n') // the end is a no
		answers <- line
	}()
	select {
	case answer := <-answers:
		switch strings.ToLower(strings.TrimSpace(answer)) {
		case "y", "yes":
			return nil
		}
		if answer == "" {
			fmt.Fprintln(out) // nobody has ended the line
		}
		return errNotConfirmed
	case <-ctx.Done():
		fmt.Fprintln(out)
		return fmt.Errorf("%w: %w", errInterrupted, errNotConfirmed)
	}
}

// isTerminal reports whether somebody may be there to answer.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	nobody, err := os.Stat(os.DevNull) // a character device as well
	return err != nil || !os.SameFile(info, nobody)
}
