package history

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var soak = flag.Duration("soak", 0, "go on with TestHistory for so long, on DynamoDB Local")

const (
	subjects   = 2
	browsers   = 2 // of a subject
	windows    = 3 // of a browser
	operations = 600
)

// Whatever happens at once, each operation does what it says at one moment
// between its call and its answer.
func TestHistory(t *testing.T) { // D4, D5, D15
	t.Parallel()
	for name, rounds := range map[string]int{"memstore": 5, "dynamostore": 4} {
		t.Run("of sessions on "+name+" is linearizable", func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			for i := 0; i < rounds || name == "dynamostore" && time.Since(begin) < *soak; i++ {
				if !t.Run(fmt.Sprintf("round %d", i+1), func(t *testing.T) { playRound(t, name) }) {
					return
				}
				if *soak > 0 {
					fmt.Fprintf(os.Stderr, "%s: round %d, %v\n", name, i+1, time.Since(begin).Round(time.Second))
				}
			}
		})
	}
}

// values gives each write a value of its own.
type values struct{ last atomic.Int64 }

func (v *values) next() int { return int(v.last.Add(1)) }

// playRound lets the windows of some browsers loose on a new store, then looks
// at every cookie that there ever was, and checks it all.
func playRound(t *testing.T, name string) {
	r := newRecorder()
	sessions := newManager(t, stores[name](t, r.now), r.now)
	window := func(b *browser, v *values) *window {
		return &window{T: t, recorder: r, sessions: sessions, browser: b, rand: rand.New(rand.NewPCG(rand.Uint64(), 1)), values: v}
	}
	var all sync.WaitGroup
	var v values
	for subject := range subjects {
		for range browsers {
			b := &browser{subject: fmt.Sprintf("subject %d", subject)}
			for range windows {
				w := window(b, &v)
				all.Go(func() {
					for range operations / (subjects * browsers * windows) {
						w.request()
					}
				})
			}
		}
	}
	all.Wait()
	if t.Failed() {
		return
	}
	for subject := range subjects {
		window(&browser{subject: fmt.Sprintf("subject %d", subject)}, &v).list()
	}
	for _, l := range r.lives {
		for _, key := range l.keys {
			window(&browser{subject: l.subject}, &v).one(read, l, key)
		}
	}
	t.Logf("%d sessions, %v", len(r.lives), r.counts)
	r.check(t)
}
