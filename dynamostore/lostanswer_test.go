package dynamostore_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/store"
)

// A write is one that a test loses the answer of. Prepare makes what it needs;
// run does it and returns the key under which the session then is.
type write struct {
	name    string
	prepare func(t *testing.T, st store.Store) (store.Key, store.Record)
	run     func(ctx context.Context, st *dynamostore.Store, key store.Key, from store.Record) (store.Key, error)
}

func saved(r store.Record) func(*testing.T, store.Store) (store.Key, store.Record) {
	return func(t *testing.T, st store.Store) (store.Key, store.Record) {
		key := save(t, st, r)
		return key, load(t, st, key)
	}
}

func nothing(*testing.T, store.Store) (store.Key, store.Record) {
	return store.Key{}, store.Record{}
}

func writes() []write {
	anonymous := record(map[string][]byte{"n": []byte("1"), "old": []byte("x")})
	increment := set("n", "2")
	increment.Expect = map[string][]byte{"n": []byte("1")}
	replace := set("n", "2")
	replace.Replace = true
	update := func(c store.Changes) func(context.Context, *dynamostore.Store, store.Key, store.Record) (store.Key, error) {
		return func(ctx context.Context, st *dynamostore.Store, key store.Key, _ store.Record) (store.Key, error) {
			return st.Update(ctx, key, c)
		}
	}
	create := func(r store.Record) func(context.Context, *dynamostore.Store, store.Key, store.Record) (store.Key, error) {
		return func(ctx context.Context, st *dynamostore.Store, _ store.Key, _ store.Record) (store.Key, error) {
			return st.Save(ctx, r)
		}
	}
	renew := func(ctx context.Context, st *dynamostore.Store, key store.Key, from store.Record) (store.Key, error) {
		return st.Rotate(ctx, key, from, from)
	}
	del := func(ctx context.Context, st *dynamostore.Store, key store.Key, _ store.Record) (store.Key, error) {
		return key, st.Delete(ctx, key)
	}
	return []write{
		{"Save", nothing, create(anonymous)},
		{"Save with a subject", nothing, create(signedIn("ada", "d1"))},
		{"Update that sets", saved(anonymous), update(set("n", "2"))},
		{"Update that expects", saved(anonymous), update(increment)},
		{"Update that replaces", saved(anonymous), update(replace)},
		{"UpdateTTL", saved(anonymous), func(ctx context.Context, st *dynamostore.Store, key store.Key, _ store.Record) (store.Key, error) {
			return st.UpdateTTL(ctx, key, beginning.Add(time.Hour))
		}},
		{"Rotate", saved(anonymous), renew},
		{"Rotate with a subject", saved(signedIn("ada", "d1")), renew},
		{"Rotate to a subject", saved(anonymous), func(ctx context.Context, st *dynamostore.Store, key store.Key, from store.Record) (store.Key, error) {
			return st.Rotate(ctx, key, from, signedIn("ada", "d1"))
		}},
		{"Delete", saved(anonymous), del},
		{"Delete with a subject", saved(signedIn("ada", "d1")), del},
		{"Revoke", saved(signedIn("ada", "d1")), func(ctx context.Context, st *dynamostore.Store, key store.Key, _ store.Record) (store.Key, error) {
			return key, st.Revoke(ctx, "ada", "d1")
		}},
		{"RevokeAll", saved(signedIn("ada", "d1")), func(ctx context.Context, st *dynamostore.Store, key store.Key, _ store.Record) (store.Key, error) {
			_, err := st.RevokeAll(ctx, "ada", "")
			return key, err
		}},
	}
}

// An outcome is what somebody who looks finds after a write.
type outcome struct {
	Old, New   store.Record
	OldE, NewE string
	Devices    []store.Device
	Items      int32 // in the table
}

func look(t *testing.T, r race, before, after store.Key) outcome {
	t.Helper()
	var o outcome
	st := r.plain
	all, err := r.db.Client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &r.table, Select: types.SelectCount})
	if err != nil {
		t.Fatal(err)
	}
	o.Items = all.Count
	if o.Old, err = st.Load(t.Context(), before); err != nil {
		o.OldE = err.Error()
	}
	if o.New, err = st.Load(t.Context(), after); err != nil {
		o.NewE = err.Error()
	}
	if o.Devices, err = st.Devices(t.Context(), "ada"); err != nil {
		t.Fatal(err)
	}
	return o
}

// D8.
func TestAWriteWhoseAnswerIsLostIsAppliedOnce(t *testing.T) {
	t.Parallel()
	for _, w := range writes() {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			r := newRace(t)
			before, from := w.prepare(t, r.plain)
			key, err := w.run(t.Context(), r.plain, before, from)
			if err != nil {
				t.Fatal(err)
			}
			want := look(t, r, before, key)

			for name, applied := range map[string]bool{"after it was applied": true, "before it arrived": false} {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					r := newRace(t)
					before, from := w.prepare(t, r.plain)
					var revision string
					client := newLossy(r.db.Client, applied, func() {
						if r, err := r.plain.Load(t.Context(), before); err == nil {
							revision = r.Revision
						}
					})
					st := newStore(t, client, dynamostore.Config{Table: r.table})
					key, err := w.run(t.Context(), st, before, from)
					if err != nil {
						t.Fatalf("a lost answer is an error: %v", err)
					}
					got := look(t, r, before, key)
					if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(store.Record{}, "Revision")); diff != "" {
						t.Errorf("the write has another outcome than when its answer is not lost (-want +got):\n%s", diff)
					}
					if applied && got.OldE == "" && got.Old.Revision != revision {
						t.Errorf("it was applied twice: the revision was %q after the first attempt and is %q", revision, got.Old.Revision)
					}
				})
			}
		})
	}
}

// D8.
func TestAWriteWhoseAnswerIsLostWithAnotherWriterInBetween(t *testing.T) {
	t.Parallel()
	increment := func(from, to string) store.Changes {
		c := set("n", to)
		c.Expect = map[string][]byte{"n": []byte(from)}
		return c
	}
	// open saves a session, and returns a store that loses the answer of its
	// first write.
	open := func(t *testing.T, session store.Record, applied bool, meanwhile func(plain *dynamostore.Store, key store.Key)) (plain, st *dynamostore.Store, key store.Key) {
		r := newRace(t)
		key = save(t, r.plain, session)
		client := newLossy(r.db.Client, applied, func() { meanwhile(r.plain, key) })
		return r.plain, newStore(t, client, dynamostore.Config{Table: r.table}), key
	}
	counter := record(map[string][]byte{"n": []byte("1")})

	for _, applied := range []bool{true, false} {
		name := "which never arrived"
		if applied {
			name = "which was applied"
		}
		t.Run("an increment "+name+" is no conflict, and is not made again", func(t *testing.T) {
			t.Parallel()
			next := map[bool]string{true: "3", false: "2"}[applied]
			plain, st, key := open(t, counter, applied, func(plain *dynamostore.Store, key store.Key) {
				r := load(t, plain, key)
				if _, err := plain.Update(t.Context(), key, increment(string(r.Values["n"]), next)); err != nil {
					t.Error(err)
				}
			})
			_, err := st.Update(t.Context(), key, increment("1", "2"))
			wantNoAnswer(t, err)
			if got := string(load(t, plain, key).Values["n"]); got != next {
				t.Errorf("n is %s, want %s", got, next)
			}
		})

		t.Run("a change "+name+" of other fields leaves the other writer's alone", func(t *testing.T) {
			t.Parallel()
			plain, st, key := open(t, counter, applied, func(plain *dynamostore.Store, key store.Key) {
				if _, err := plain.Update(t.Context(), key, set("theirs", "1")); err != nil {
					t.Error(err)
				}
			})
			if _, err := st.Update(t.Context(), key, set("mine", "1")); err != nil {
				t.Error(err)
			}
			want := map[string][]byte{"n": []byte("1"), "mine": []byte("1"), "theirs": []byte("1")}
			if diff := cmp.Diff(want, load(t, plain, key).Values); diff != "" {
				t.Error(diff)
			}
		})

		t.Run("a renewal "+name+" finds the session changed by another", func(t *testing.T) {
			t.Parallel()
			plain, st, key := open(t, counter, applied, func(plain *dynamostore.Store, key store.Key) {
				_, err := plain.Update(t.Context(), key, increment("1", "2"))
				if ended := errors.Is(err, store.ErrEnded); ended != applied {
					t.Errorf("the other request got %v", err)
				}
			})
			from := load(t, plain, key)
			renewed, err := st.Rotate(t.Context(), key, from, from)
			if applied {
				if err != nil || string(load(t, plain, renewed).Values["n"]) != "1" {
					t.Errorf("the renewal was applied, and is reported as %v", err)
				}
				return
			}
			wantNoAnswer(t, err)
			if got := string(load(t, plain, key).Values["n"]); got != "2" {
				t.Errorf("n is %s, want 2", got)
			}
		})

		t.Run("an update "+name+" of a session that was logged out meanwhile", func(t *testing.T) {
			t.Parallel()
			_, st, key := open(t, counter, applied, func(plain *dynamostore.Store, key store.Key) {
				if err := plain.Delete(t.Context(), key); err != nil {
					t.Error(err)
				}
			})
			if _, err := st.Update(t.Context(), key, increment("1", "2")); !errors.Is(err, store.ErrEnded) {
				t.Errorf("got %v, want an *EndedError", err)
			}
		})

		t.Run("an update "+name+" of a session that was renewed meanwhile, perhaps with it", func(t *testing.T) {
			t.Parallel()
			_, st, key := open(t, counter, applied, func(plain *dynamostore.Store, key store.Key) {
				from := load(t, plain, key)
				if _, err := plain.Rotate(t.Context(), key, from, from); err != nil {
					t.Error(err)
				}
			})
			_, err := st.Update(t.Context(), key, increment("1", "2"))
			wantNoAnswer(t, err)
		})

		t.Run("a logout "+name+" of a session that is renewed meanwhile", func(t *testing.T) {
			t.Parallel()
			var renewed store.Key
			plain, st, key := open(t, counter, applied, func(plain *dynamostore.Store, key store.Key) {
				from, err := plain.Load(t.Context(), key)
				if err != nil {
					return // the logout came first
				}
				if renewed, err = plain.Rotate(t.Context(), key, from, from); err != nil {
					t.Error(err)
				}
			})
			if err := st.Delete(t.Context(), key); err != nil {
				t.Error(err)
			}
			for _, k := range []store.Key{key, renewed} {
				if _, err := plain.Load(t.Context(), k); err == nil {
					t.Error("a session lives on after its logout")
				}
			}
		})

		t.Run("a sign-in "+name+" of a subject whose sessions are revoked meanwhile", func(t *testing.T) {
			t.Parallel()
			plain, st, _ := open(t, counter, applied, func(plain *dynamostore.Store, _ store.Key) {
				if _, err := plain.RevokeAll(t.Context(), "ada", ""); err != nil {
					t.Error(err)
				}
			})
			key, err := st.Save(t.Context(), signedIn("ada", "d1"))
			if err != nil && !errors.Is(err, store.ErrEnded) {
				t.Error(err)
			}
			if _, err := plain.Load(t.Context(), key); err == nil {
				t.Error("a sign-in that began before the revocation survives it")
			}
			if d, err := plain.Devices(t.Context(), "ada"); len(d) != 0 || err != nil {
				t.Errorf("listed: %v, %v", d, err)
			}
		})
	}
}

func TestAWriteThatWasThrottledIsSureNotToHaveBeenApplied(t *testing.T) {
	t.Parallel()
	r := newRace(t)
	key := save(t, r.plain, record(map[string][]byte{"n": []byte("1")}))
	from := load(t, r.plain, key)
	st := newStore(t, intercept(r.db.Client, func(q request) (any, error) {
		if q.operation != "GetItem" && q.n == 0 {
			if _, err := r.plain.Update(t.Context(), key, set("n", "2")); err != nil {
				t.Error(err)
			}
			return nil, &types.ProvisionedThroughputExceededException{}
		}
		return q.forward()
	}), dynamostore.Config{Table: r.table})

	c := set("n", "3")
	c.Expect = map[string][]byte{"n": []byte("1")}
	_, updated := st.Update(t.Context(), key, c)
	_, rotated := st.Rotate(t.Context(), key, from, from)
	for what, err := range map[string]error{"Update": updated, "Rotate": rotated} {
		if _, ok := errors.AsType[*store.ConflictError](err); !ok {
			t.Errorf("%s: got %v, want a *ConflictError", what, err)
		}
	}
}
