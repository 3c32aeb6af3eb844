package dynamostore_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/store"
)

// operations are all that make one request, by name. Each succeeds where
// DynamoDB answers {}, but for Load, which then finds no session.
var operations = map[string]func(context.Context, *dynamostore.Store) error{
	"Load": func(ctx context.Context, st *dynamostore.Store) error {
		if _, err := st.Load(ctx, store.NewKey()); !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return nil
	},
	"Save": func(ctx context.Context, st *dynamostore.Store) error {
		_, err := st.Save(ctx, record(nil))
		return err
	},
	"Save with a subject": func(ctx context.Context, st *dynamostore.Store) error {
		_, err := st.Save(ctx, signedIn("ada", "d1"))
		return err
	},
	"Update": func(ctx context.Context, st *dynamostore.Store) error {
		_, err := st.Update(ctx, store.NewKey(), set("n", "1"))
		return err
	},
	"UpdateTTL": func(ctx context.Context, st *dynamostore.Store) error {
		_, err := st.UpdateTTL(ctx, store.NewKey(), beginning.Add(time.Hour))
		return err
	},
	"Rotate": func(ctx context.Context, st *dynamostore.Store) error {
		_, err := st.Rotate(ctx, store.NewKey(), signedIn("ada", "d1"), signedIn("ada", "d1"))
		return err
	},
	"Delete": func(ctx context.Context, st *dynamostore.Store) error {
		return st.Delete(ctx, store.NewKey())
	},
	"Devices": func(ctx context.Context, st *dynamostore.Store) error {
		_, err := st.Devices(ctx, "ada")
		return err
	},
}

// eachOperation runs check as a sub-test of every operation, in a bubble whose
// clock moves only when all is waiting.
func eachOperation(t *testing.T, check func(t *testing.T, run func(context.Context, *dynamostore.Store) error)) {
	for name, run := range operations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { check(t, run) })
		})
	}
}

// withDefaults makes a store with the default timeout.
func withDefaults(t *testing.T, client dynamostore.Client) *dynamostore.Store {
	t.Helper()
	st, err := dynamostore.New(client, dynamostore.Config{Table: "sessions"})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func onWire(t *testing.T, w *wire) *dynamostore.Store {
	t.Helper()
	return withDefaults(t, w.client())
}

func TestARequestIsSentAgain(t *testing.T) {
	t.Parallel()
	for _, f := range append(unknownOutcomes(), passing()...) {
		t.Run("after "+f.name, func(t *testing.T) {
			t.Parallel()
			eachOperation(t, func(t *testing.T, run func(context.Context, *dynamostore.Store) error) {
				w := &wire{answer: func(n int, r *http.Request) (*http.Response, error) {
					if n < 2 {
						return f.answer(r)
					}
					return ok("{}")
				}}
				if err := run(t.Context(), onWire(t, w)); err != nil {
					t.Error(err)
				}
				if got := len(w.requests()); got != 3 {
					t.Errorf("%d requests, want 3", got)
				}
			})
		})
	}
}

func TestARequestIsSentFiveTimesAtMost(t *testing.T) {
	t.Parallel()
	for _, f := range append(unknownOutcomes(), passing()...) {
		t.Run("with "+f.name, func(t *testing.T) {
			t.Parallel()
			eachOperation(t, func(t *testing.T, run func(context.Context, *dynamostore.Store) error) {
				w := &wire{answer: func(_ int, r *http.Request) (*http.Response, error) { return f.answer(r) }}
				wantNoAnswer(t, run(t.Context(), onWire(t, w)))
				if got := len(w.requests()); got != 5 { // the SDK's own retries would make it more
					t.Errorf("%d requests, want 5", got)
				}
			})
		})
	}
}

// wantNoAnswer fails the test unless the error is one that says nothing of the
// session: the store could not answer.
func wantNoAnswer(t *testing.T, err error) {
	t.Helper()
	_, conflict := errors.AsType[*store.ConflictError](err)
	_, decode := errors.AsType[*store.DecodeError](err)
	_, invalid := errors.AsType[*store.InvalidError](err)
	if err == nil || conflict || decode || invalid || errors.Is(err, store.ErrNotFound) ||
		errors.Is(err, store.ErrEnded) || errors.Is(err, store.ErrTooLarge) {
		t.Errorf("got %v, want an error that means that the store could not answer", err)
	}
}

func TestARequestThatCannotSucceedIsSentOnce(t *testing.T) {
	t.Parallel()
	for _, f := range []fault{
		refuses("ValidationException", "One or more parameter values were invalid"),
		refuses("ResourceNotFoundException", "no such table"),
		refuses("AccessDeniedException", "not authorized"),
		refuses("UnrecognizedClientException", "The security token is invalid"),
	} {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			eachOperation(t, func(t *testing.T, run func(context.Context, *dynamostore.Store) error) {
				w := &wire{answer: func(_ int, r *http.Request) (*http.Response, error) { return f.answer(r) }}
				err := run(t.Context(), onWire(t, w))
				if _, invalid := errors.AsType[*store.InvalidError](err); invalid != (f.name == "ValidationException") {
					t.Errorf("an *InvalidError: %t: %v", invalid, err)
				}
				if got := len(w.requests()); got != 1 {
					t.Errorf("%d requests, want 1", got)
				}
			})
		})
	}
}

// D9.
func TestABlackHoleEndsInTime(t *testing.T) {
	t.Parallel()
	for name, hole := range map[string]func(*http.Request) (*http.Response, error){
		"that never answers":        hangs,
		"that answers byte by byte": trickles,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachOperation(t, func(t *testing.T, run func(context.Context, *dynamostore.Store) error) {
				w := &wire{answer: func(_ int, r *http.Request) (*http.Response, error) { return hole(r) }}
				st := onWire(t, w)

				start := time.Now()
				wantNoAnswer(t, run(t.Context(), st))
				if took := time.Since(start); took != 2*time.Second {
					t.Errorf("took %v, want the default timeout", took)
				}

				ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
				defer cancel()
				start = time.Now()
				err := run(ctx, st)
				wantNoAnswer(t, err)
				if took := time.Since(start); took != 300*time.Millisecond {
					t.Errorf("took %v, want the context's time", took)
				}
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v, want the context's error", err)
				}
			})
		})
	}
}

func TestADeadConnectionLeavesTimeForAnother(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(t *testing.T, run func(context.Context, *dynamostore.Store) error) {
		w := &wire{answer: func(n int, r *http.Request) (*http.Response, error) {
			if n == 0 {
				return hangs(r)
			}
			return ok("{}")
		}}
		start := time.Now()
		if err := run(t.Context(), onWire(t, w)); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took > 1020*time.Millisecond {
			t.Errorf("took %v, want half the timeout and a pause", took)
		}
	})
}

func TestACallerWhoGivesUpIsNotKeptWaiting(t *testing.T) {
	t.Parallel()
	for name, giveUp := range map[string]func(context.CancelFunc){
		"during a request":      func(cancel context.CancelFunc) { cancel() },
		"in the pause after it": func(cancel context.CancelFunc) { time.AfterFunc(time.Nanosecond, cancel) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachOperation(t, func(t *testing.T, run func(context.Context, *dynamostore.Store) error) {
				ctx, cancel := context.WithCancel(t.Context())
				w := &wire{answer: func(int, *http.Request) (*http.Response, error) {
					giveUp(cancel)
					return nil, errors.New("connection reset by peer")
				}}
				st := onWire(t, w)
				start := time.Now()
				wantNoAnswer(t, run(ctx, st))
				wantNoAnswer(t, run(ctx, st)) // without a request
				if got := len(w.requests()); got != 1 {
					t.Errorf("%d requests, want 1", got)
				}
				if took := time.Since(start); took > time.Nanosecond {
					t.Errorf("took %v", took)
				}
			})
		})
	}
}

// D8. Only where DynamoDB has said that it did nothing is a condition that
// fails after it sure to be another's doing.
func TestAConditionThatFailsWhenSentAgain(t *testing.T) {
	t.Parallel()
	check := func(name string, first fault, sure bool) {
		t.Run("after "+name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				stored := storedSession("ada", "2")
				open := func(second fault) *dynamostore.Store {
					w := &wire{answer: func(n int, r *http.Request) (*http.Response, error) {
						if n == 0 {
							return first.answer(r)
						}
						return second.answer(r)
					}}
					return newStore(t, w.client(), dynamostore.Config{Table: "sessions"})
				}
				c := set("f", "3")
				c.Expect = map[string][]byte{"f": []byte("1")}
				from := signedIn("ada", "d1")
				from.Revision = "the one before"
				_, updated := open(finds("", stored)).Update(t.Context(), store.NewKey(), c)
				_, rotated := open(findsInTransaction("", stored)).Rotate(t.Context(), store.NewKey(), from, from)
				for _, err := range []error{updated, rotated} {
					if !sure {
						wantNoAnswer(t, err)
					} else if conflict, ok := errors.AsType[*store.ConflictError](err); !ok || string(conflict.Current.Values["f"]) != "2" {
						t.Errorf("got %v, want a *ConflictError with the current record", err)
					}
				}
			})
		})
	}
	for _, f := range unknownOutcomes() {
		check(f.name, f, false)
	}
	for _, f := range passing() {
		check(f.name, f, true)
	}
	check("no answer in time", fault{answer: hangs}, false)
}
