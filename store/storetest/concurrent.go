package storetest

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/lambdasession/lambdasession-go/store"
)

// writers is how many write at once where each has to try again after the
// others.
const writers = 20

// concurrentClauses: what many requests do at the same time.
func concurrentClauses() []clause {
	return []clause{
		{"50 Saves make 50 sessions", func(x *trial) {
			keys := make([]store.Key, 50)
			x.wantNoErrors(atOnce(len(keys), func(i int) (err error) {
				keys[i], err = x.store.Save(x.Context(), x.record(text("n", strconv.Itoa(i))))
				return err
			}))
			seen := map[string]bool{}
			for i, key := range keys {
				seen[key.Reveal()] = true
				x.wantRecord(key, x.record(text("n", strconv.Itoa(i))))
			}
			if len(seen) != len(keys) {
				x.Errorf("%d different keys, want %d", len(seen), len(keys))
			}
		}},
	}
}

// keptConcurrentClauses: what many requests do to one session at the same time.
func keptConcurrentClauses() []clause {
	return []clause{
		{"Updates of different fields all survive", func(x *trial) {
			r := x.record(text("cart", "2 apples"))
			key := x.save(r)
			x.wantNoErrors(atOnce(writers, func(i int) error {
				_, err := x.store.Update(x.Context(), key, x.set(text(fmt.Sprintf("field %d", i), "here")))
				return err
			}))
			for i := range writers {
				r.Values[fmt.Sprintf("field %d", i)] = []byte("here")
			}
			x.wantRecord(key, r)
		}},
		{"Updates that set and that delete different fields all survive", func(x *trial) {
			r := x.record(fields{})
			for i := range writers / 2 {
				r.Values[fmt.Sprintf("old %d", i)] = []byte("here")
			}
			key := x.save(r)
			x.wantNoErrors(atOnce(writers, func(i int) error {
				c := x.touch()
				if i%2 == 0 {
					c.Delete = []string{fmt.Sprintf("old %d", i/2)}
				} else {
					c.Set = text(fmt.Sprintf("new %d", i/2), "here")
				}
				_, err := x.store.Update(x.Context(), key, c)
				return err
			}))
			r.Values = fields{}
			for i := range writers / 2 {
				r.Values[fmt.Sprintf("new %d", i)] = []byte("here")
			}
			x.wantRecord(key, r)
		}},
		{"20 writers who expect what they add to count to 20", func(x *trial) {
			key := x.save(x.record(nil))
			x.wantNoErrors(atOnce(writers, func(int) error { return x.increment(key) }))
			x.wantRecord(key, x.record(text("counter", strconv.Itoa(writers))))
		}},
		{"of several that expect a field to be absent exactly one writes it", func(x *trial) {
			key := x.save(x.record(nil))
			errs := atOnce(writers, func(i int) error {
				c := x.set(text("owner", strconv.Itoa(i)))
				c.Expect = fields{"owner": nil}
				_, err := x.store.Update(x.Context(), key, c)
				return err
			})
			winner := x.wantOneWinner(errs, func(err error) {
				if _, ok := errors.AsType[*store.ConflictError](err); !ok {
					x.Errorf("a loser got %v, want a *ConflictError", err)
				}
			})
			x.wantRecord(key, x.record(text("owner", strconv.Itoa(winner))))
		}},
		{"of several Rotates exactly one wins", func(x *trial) {
			key := x.save(x.record(nil))
			from := x.load(key)
			keys := make([]store.Key, writers)
			errs := atOnce(writers, func(i int) (err error) {
				to := x.renewal(from)
				to.Values = text("winner", strconv.Itoa(i))
				keys[i], err = x.store.Rotate(x.Context(), key, from, to)
				return err
			})
			winner := x.wantOneWinner(errs, func(err error) { x.wantEnded("a loser", err, x.now()) })
			x.wantRecord(keys[winner], x.record(text("winner", strconv.Itoa(winner))))
			_, err := x.store.Load(x.Context(), key)
			x.wantEnded("Load of the old key", err, x.now())
		}},
		{"of several Deletes exactly one ends the session", func(x *trial) {
			key := x.save(x.signIn(newSubject()))
			errs := atOnce(writers, func(int) error { return x.store.Delete(x.Context(), key) })
			x.wantOneWinner(errs, func(err error) { x.wantEnded("a loser", err, x.now()) })
		}},
		{"a Rotate and an Update never both succeed, so that no write is lost", func(x *trial) {
			for range 5 {
				key := x.save(x.record(nil))
				from := x.load(key)
				errs := atOnce(2, func(i int) error {
					if i == 0 {
						_, err := x.store.Rotate(x.Context(), key, from, x.renewal(from))
						return err
					}
					_, err := x.store.Update(x.Context(), key, x.set(text("cart", "2 apples")))
					return err
				})
				x.wantOneWinner(errs, func(err error) {
					if !isOutcome(err) {
						x.Errorf("the loser got %v, want a *ConflictError or an *EndedError", err)
					}
				})
			}
		}},
		{"after a Delete nothing lives, whatever Updates were in flight", func(x *trial) {
			key := x.save(x.signIn(newSubject()))
			errs := atOnce(writers, func(i int) error {
				switch {
				case i == 0:
					return x.store.Delete(x.Context(), key)
				case i%2 == 0:
					_, err := x.store.UpdateTTL(x.Context(), key, x.now().Add(idle))
					return err
				default:
					_, err := x.store.Update(x.Context(), key, x.set(text("n", strconv.Itoa(i))))
					return err
				}
			})
			if errs[0] != nil {
				x.Errorf("Delete: %v", errs[0])
			}
			for _, err := range errs[1:] {
				if err != nil {
					x.wantEnded("a write after the Delete", err, x.now())
				}
			}
			_, err := x.store.Load(x.Context(), key)
			x.wantEnded("Load", err, x.now())
		}},
		{"after a Delete nothing lives, whatever Rotate was in flight", func(x *trial) {
			for range 5 {
				key := x.save(x.record(nil))
				from := x.load(key)
				var successor store.Key
				errs := atOnce(2, func(i int) (err error) {
					if i == 0 {
						return x.store.Delete(x.Context(), key)
					}
					successor, err = x.store.Rotate(x.Context(), key, from, x.renewal(from))
					return err
				})
				if errs[0] != nil {
					x.Errorf("Delete: %v", errs[0])
				}
				if errs[1] != nil {
					x.wantEnded("Rotate after the Delete", errs[1], x.now())
					continue
				}
				_, err := x.store.Load(x.Context(), successor)
				x.wantEnded("Load of the successor", err, x.now())
			}
		}},
	}
}

// increment adds one to the session's counter, by compare-and-set. A writer
// loses only to another who won, so that it needs no more tries than there
// are writers.
func (x *trial) increment(key store.Key) error {
	var c store.Changes
	var have []byte // absent
	for range writers {
		n, _ := strconv.Atoi(string(have))
		c = x.set(text("counter", strconv.Itoa(n+1)))
		c.Expect = fields{"counter": have}
		_, err := x.store.Update(x.Context(), key, c)
		conflict, ok := errors.AsType[*store.ConflictError](err)
		if !ok {
			return err
		}
		have = conflict.Current.Values["counter"]
	}
	return fmt.Errorf("still in conflict after %d tries", writers)
}

// wantNoErrors fails the trial if there is one.
func (x *trial) wantNoErrors(errs []error) {
	x.Helper()
	if err := errors.Join(errs...); err != nil {
		x.Fatal(err)
	}
}

// wantOneWinner fails the trial unless exactly one of the errors is nil, and
// has the others checked by lost. It returns the index of the winner.
func (x *trial) wantOneWinner(errs []error, lost func(error)) int {
	x.Helper()
	winner, won := 0, 0
	for i, err := range errs {
		if err == nil {
			winner = i
			won++
		} else {
			lost(err)
		}
	}
	if won != 1 {
		x.Fatalf("%d of %d succeeded, want exactly one", won, len(errs))
	}
	return winner
}
