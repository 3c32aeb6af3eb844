package localtest

import (
	"bytes"
	"io"
	"sync"
)

// lineLog lets several processes write to one writer, a line at a time.
type lineLog struct {
	mu sync.Mutex
	w  io.Writer // guarded by mu
}

func newLineLog(w io.Writer) *lineLog {
	if w == nil {
		w = io.Discard
	}
	return &lineLog{w: w}
}

// source returns a writer for one process. It is not safe for concurrent use.
func (l *lineLog) source() *lineSource { return &lineSource{log: l} }

func (l *lineLog) write(lines []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = l.w.Write(lines) // a log that cannot be written must not stop the function
}

// lineSource keeps what one process wrote until its line is complete.
type lineSource struct {
	log     *lineLog
	partial []byte
}

func (s *lineSource) Write(p []byte) (int, error) {
	end := bytes.LastIndexByte(p, '\n') + 1
	if end > 0 {
		s.log.write(append(s.partial, p[:end]...))
		s.partial = nil
	}
	s.partial = append(s.partial, p[end:]...)
	return len(p), nil
}

// flush writes what the process left without a line end.
func (s *lineSource) flush() {
	if len(s.partial) > 0 {
		s.log.write(append(s.partial, '\n'))
		s.partial = nil
	}
}
