package watch

import (
	"maps"
	"slices"
	"time"
)

// A burst of changes, such as an editor's or git's, is over when nothing has
// changed for quiet. One that does not end is told of nevertheless, after
// longest.
const (
	quiet   = 100 * time.Millisecond
	longest = 2 * time.Second
)

// settle collects the names that come in, each once, and hands them out when
// the burst is over and somebody asks. It ends, and closes out, when in is
// closed.
func settle(in <-chan string, out chan<- []string) {
	defer close(out)
	var (
		pending = map[string]bool{}
		since   time.Time // when the first one of pending came
		timer   = time.NewTimer(longest)
		asked   chan<- []string // out, once pending has settled
	)
	timer.Stop()
	defer timer.Stop()
	for {
		select {
		case name, more := <-in:
			if !more {
				return
			}
			if len(pending) == 0 {
				since = time.Now()
			}
			pending[name] = true
			if left := longest - time.Since(since); left > 0 {
				asked = nil
				timer.Reset(min(quiet, left))
			}
		case <-timer.C:
			asked = out
		case asked <- slices.Sorted(maps.Keys(pending)):
			clear(pending)
			asked = nil
		}
	}
}
