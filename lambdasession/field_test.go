package lambdasession_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/store"
)

func TestFieldNames(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"a", "cart", "ключ", strings.Repeat("x", 64)} {
		lambdasession.NewField[int](good)
	}
	for name, bad := range map[string]string{
		"an empty name":           "",
		"a name of 65 bytes":      strings.Repeat("x", 65),
		"a name that is no UTF-8": "\xff",
	} {
		t.Run(name+" panics", func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Errorf("NewField(%q) does not panic", bad)
				}
			}()
			lambdasession.NewField[int](bad)
		})
	}
}

func TestAField(t *testing.T) {
	t.Parallel()
	basket := lambdasession.NewField[map[string]int]("basket")

	t.Run("that is absent is the zero value and not found", func(t *testing.T) {
		t.Parallel()
		r := newSite(t, lambdasession.Config{}).known(t).request()
		v, found, err := pears.Lookup(r.Session)
		succeed(t, err)
		wantEqual(t, "value", 0, v)
		wantEqual(t, "found", false, found)
	})
	t.Run("that holds the zero value is found", func(t *testing.T) {
		t.Parallel()
		b := newSite(t, lambdasession.Config{}).known(t)
		b.visit(func(s *lambdasession.Session) { set(t, pears, s, 0) })
		_, found, err := pears.Lookup(b.request().Session)
		succeed(t, err)
		wantEqual(t, "found", true, found)
	})
	t.Run("is read as a copy", func(t *testing.T) {
		t.Parallel()
		b := newSite(t, lambdasession.Config{}).browser(t)
		b.visit(func(s *lambdasession.Session) { set(t, basket, s, map[string]int{"tea": 1}) })
		r := b.request()
		get(t, basket, r.Session)["tea"] = 100
		wantEqual(t, "basket", map[string]int{"tea": 1}, get(t, basket, r.Session))
	})
	t.Run("is set to a copy", func(t *testing.T) {
		t.Parallel()
		r := newSite(t, lambdasession.Config{}).browser(t).request()
		mine := map[string]int{"tea": 1}
		set(t, basket, r.Session, mine)
		mine["tea"] = 100
		wantEqual(t, "basket", map[string]int{"tea": 1}, get(t, basket, r.Session))
	})
	t.Run("that is updated returns what the function made", func(t *testing.T) {
		t.Parallel()
		r := newSite(t, lambdasession.Config{}).known(t).request()
		now, err := apples.Update(r.Session, func(n int) (int, error) { return n + 41, nil })
		succeed(t, err)
		wantEqual(t, "returned", 42, now)
		wantEqual(t, "read", 42, get(t, apples, r.Session))
	})
	t.Run("that is popped is gone for the rest of the request, and afterwards", func(t *testing.T) {
		t.Parallel()
		b := newSite(t, lambdasession.Config{}).known(t)
		b.visit(func(s *lambdasession.Session) {
			pop(t, apples, s, 1)
			pop(t, apples, s, 0)
			wantEqual(t, "read", 0, get(t, apples, s))
		})
		b.wantValues(map[string]string{})
	})
	t.Run("that is popped when absent is no change", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		site.known(t).visit(func(s *lambdasession.Session) {
			pop(t, pears, s, 0)
			wantStatus(t, lambdasession.Unchanged, s.Status())
		})
		site.store.want(t, "load")
	})
	t.Run("shares its bytes with no other field", func(t *testing.T) {
		t.Parallel()
		b := newSite(t, lambdasession.Config{}).known(t)
		b.visit(func(s *lambdasession.Session) { set(t, pears, s, 2); set(t, news, s, "hello") })
		b.wantValues(map[string]string{"apples": "1", "pears": "2", "news": `"hello"`})
	})
}

func TestAnUpdateThatIsRefused(t *testing.T) {
	t.Parallel()
	errSoldOut := errors.New("sold out")
	soldOut := func(int) (int, error) { return 99, errSoldOut }

	t.Run("returns the function's own error and changes nothing", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		site.known(t).visit(func(s *lambdasession.Session) {
			v, err := apples.Update(s, soldOut)
			if err != errSoldOut || v != 0 {
				t.Errorf("Update returned %d, %v; want 0 and the very error", v, err)
			}
			wantEqual(t, "value", 1, get(t, apples, s))
		})
		site.store.want(t, "load")
	})
	t.Run("keeps what was updated before it", func(t *testing.T) {
		t.Parallel()
		b := newSite(t, lambdasession.Config{}).known(t)
		b.visit(func(s *lambdasession.Session) {
			add(t, apples, s, 1)
			_, err := apples.Update(s, soldOut)
			wantError(t, errSoldOut, err)
		})
		b.wantValues(map[string]string{"apples": "2"})
	})
	t.Run("by a panic releases the session", func(t *testing.T) {
		t.Parallel()
		b := newSite(t, lambdasession.Config{}).known(t)
		b.visit(func(s *lambdasession.Session) {
			func() {
				defer func() { wantEqual(t, "panic", any("oops"), recover()) }()
				_, _ = apples.Update(s, func(int) (int, error) { panic("oops") })
			}()
			add(t, apples, s, 2)
		})
		b.wantValues(map[string]string{"apples": "3"})
	})
}

// After a deployment that changed a field's type, old sessions hold values
// that do not fit: a matter of that field alone.
func TestAValueThatDoesNotFitItsType(t *testing.T) {
	t.Parallel()
	number, text := lambdasession.NewField[int]("amount"), lambdasession.NewField[string]("amount")
	old := func(t *testing.T) *browser {
		b := newSite(t, lambdasession.Config{}).known(t)
		b.visit(func(s *lambdasession.Session) { set(t, text, s, "three") })
		return b
	}
	wantFieldError := func(t *testing.T, err error) {
		t.Helper()
		fieldErr, ok := errors.AsType[*lambdasession.FieldError](err)
		if !ok || fieldErr.Field != "amount" || fieldErr.Err == nil {
			t.Fatalf("error %v; want a FieldError for %q with the codec's", err, "amount")
		}
	}
	t.Run("is an error on that field, and not the end of the session", func(t *testing.T) {
		t.Parallel()
		b := old(t)
		b.visit(func(s *lambdasession.Session) {
			_, err := number.Get(s)
			wantFieldError(t, err)
			_, found, err := number.Lookup(s)
			wantFieldError(t, err)
			wantEqual(t, "found", false, found)
			wantEqual(t, "another field", 1, get(t, apples, s))
			set(t, pears, s, 2)
		})
		b.wantValues(map[string]string{"amount": `"three"`, "apples": "1", "pears": "2"})
	})
	t.Run("fails an Update, and so the response", func(t *testing.T) {
		t.Parallel()
		b := old(t)
		r := b.request()
		_, err := number.Update(r.Session, func(n int) (int, error) { return n + 1, nil })
		wantFieldError(t, err)
		answer := r.respond()
		wantFieldError(t, answer.err)
		answer.wantCookie(t, noCookie)
		b.wantValues(map[string]string{"amount": `"three"`, "apples": "1"})
	})
	t.Run("can be set anew, which makes the Update's failure good", func(t *testing.T) {
		t.Parallel()
		b := old(t)
		b.visit(func(s *lambdasession.Session) {
			_, err := number.Update(s, func(n int) (int, error) { return n + 1, nil })
			wantFieldError(t, err)
			set(t, number, s, 1)
		})
		b.wantValues(map[string]string{"amount": "1", "apples": "1"})
	})
	t.Run("is dropped by Pop", func(t *testing.T) {
		t.Parallel()
		b := old(t)
		b.visit(func(s *lambdasession.Session) {
			_, err := number.Pop(s)
			wantFieldError(t, err)
		})
		b.wantValues(map[string]string{"apples": "1"})
	})
}

func TestAValueThatCannotBeEncoded(t *testing.T) {
	t.Parallel()
	ratio := lambdasession.NewField[float64]("ratio") // JSON has no infinity
	t.Run("fails at Set, and if that is ignored, at commit", func(t *testing.T) {
		t.Parallel()
		b := newSite(t, lambdasession.Config{}).known(t)
		r := b.request()
		set(t, pears, r.Session, 2)
		err := ratio.Set(r.Session, math.Inf(1))
		if _, invalid := errors.AsType[*store.InvalidError](err); !invalid {
			t.Errorf("Set returned %v; want an InvalidError", err)
		}
		answer := r.respond()
		if _, invalid := errors.AsType[*store.InvalidError](answer.err); !invalid {
			t.Errorf("the commit returned %v; want an InvalidError", answer.err)
		}
		b.wantValues(map[string]string{"apples": "1"})
	})
	t.Run("fails at Update", func(t *testing.T) {
		t.Parallel()
		r := newSite(t, lambdasession.Config{}).known(t).request()
		v, err := ratio.Update(r.Session, func(float64) (float64, error) { return math.NaN(), nil })
		if _, invalid := errors.AsType[*store.InvalidError](err); !invalid || v != 0 {
			t.Errorf("Update returned %v, %v; want 0 and an InvalidError", v, err)
		}
	})
}

// plain writes strings as they are; the empty one as no bytes at all.
type plain struct{}

func (plain) Marshal(v any) ([]byte, error) {
	if s := v.(string); s != "" {
		return []byte(s), nil
	}
	return nil, nil
}

func (plain) Unmarshal(data []byte, v any) error { *v.(*string) = string(data); return nil }

func TestAValueOfNoBytesIsAValue(t *testing.T) {
	t.Parallel()
	b := newSite(t, lambdasession.Config{Codec: plain{}}).browser(t)
	b.visit(func(s *lambdasession.Session) { set(t, news, s, "") })
	b.visit(func(s *lambdasession.Session) {
		_, found, err := news.Lookup(s)
		succeed(t, err)
		wantEqual(t, "found", true, found)
		_, err = news.Update(s, func(text string) (string, error) { return text + "more", nil })
		succeed(t, err)
	})
	b.wantValues(map[string]string{"news": "more"})
}
