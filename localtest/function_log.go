package localtest

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"errors"
	"os"
	"sync"
)

// lineLog hands on what several processes print, a line at a time.
type lineLog struct {
	mu     sync.Mutex
	handOn func(requestID, line string) // called under mu
}

func newLineLog(handOn func(requestID, line string)) *lineLog {
	if handOn == nil {
		handOn = func(string, string) {}
	}
	return &lineLog{handOn: handOn}
}

func (l *lineLog) write(requestID string, line []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.handOn(requestID, string(line))
}

// output is the pipe into which one process prints. To know which invocation a
// line belongs to, this process writes marks into the same pipe: what comes out
// between two of them was printed between them. A mark is a line with a text
// that the process cannot know, and short enough for the kernel not to mix it
// with what the process writes (PIPE_BUF is at least 512 bytes).
type output struct {
	log         *lineLog
	read, write *os.File
	mark        string
	settled     chan struct{} // sent for each settle
	done        chan struct{} // closed when nothing more is read
}

// What follows the mark in its line.
const (
	markBegin  = 'b' // and the request id of the invocation that begins
	markSettle = 's'
	markEnd    = 'e'
)

// lineBytes is how much of a line is kept until its end comes. A longer one is
// handed on in parts, so that what prints no line ends fills no memory.
const lineBytes = 1 << 20

// newOutput opens an output, which has a goroutine until its end.
func newOutput(log *lineLog) (*output, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	o := &output{
		log:     log,
		read:    read,
		write:   write,
		mark:    "\x00" + rand.Text() + "\x00",
		settled: make(chan struct{}),
		done:    make(chan struct{}),
	}
	go o.handOn()
	return o, nil
}

// begin says that the process is about to be handed an invocation.
func (o *output) begin(requestID string) { _ = o.put(markBegin, requestID) }

// settle returns when all lines that the process has printed are handed on. What
// it prints next belongs to no invocation.
func (o *output) settle() {
	if o.put(markSettle, "") != nil {
		return // it has ended
	}
	select {
	case <-o.settled:
	case <-o.done:
	}
}

// end returns when all that was printed is handed on, and closes the pipe. The
// process has ended; one that it left behind, which no kill has reached, prints
// nowhere from now on.
func (o *output) end() {
	_ = o.put(markEnd, "") // fails only if the reading end has failed, which is the end
	<-o.done
	_ = o.write.Close()
	_ = o.read.Close()
}

func (o *output) put(command byte, text string) error {
	_, err := o.write.WriteString(o.mark + string(command) + text + "\n")
	return err
}

// handOn reads up to the end.
func (o *output) handOn() {
	defer close(o.done)
	var (
		reader  = bufio.NewReader(o.read)
		line    []byte // what there is of it
		of      string // the invocation in which it began
		current string // the invocation under way
	)
	for {
		part, err := reader.ReadSlice('\n')
		if len(line) == 0 {
			of = current
		}
		line = append(line, part...)
		if err == nil {
			line = line[:len(line)-1]
			before, command, isMark := bytes.Cut(line, []byte(o.mark))
			if !isMark {
				o.log.write(of, line)
				line = line[:0]
				continue
			}
			switch command[0] {
			case markBegin:
				current = string(command[1:])
			case markSettle:
				current = ""
				o.settled <- struct{}{}
			case markEnd:
				err = os.ErrClosed
			}
			line = before
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			if len(line) > 0 {
				o.log.write(of, line)
			}
			return
		}
		if keep := 2 * len(o.mark); len(line) > lineBytes+keep { // a mark may have begun
			o.log.write(of, line[:lineBytes])
			line = append(line[:0], line[lineBytes:]...)
		}
	}
}
