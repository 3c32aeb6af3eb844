package lambdasession_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/store"
)

func read(tb testing.TB) func(*lambdasession.Session) {
	return func(s *lambdasession.Session) { get(tb, apples, s) }
}

func TestTouchesAreAmortised(t *testing.T) { // D12
	t.Parallel()
	t.Run("a thousand reads in a tenth of the idle period write nothing", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.known(t)
		for range 1000 {
			site.pass(179 * time.Millisecond)
			b.visit(read(t))
		}
		for _, c := range site.store.take() {
			if c.operation != "load" {
				t.Fatalf("a read made a call of %s", c.operation)
			}
		}
	})
	t.Run("a read a minute moves the expiry every third time", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.known(t)
		for range 30 {
			site.pass(time.Minute)
			b.visit(read(t))
		}
		touches := 0
		for _, c := range site.store.take() {
			if c.operation == "update-ttl" {
				touches++
			}
		}
		wantEqual(t, "touches", 10, touches)
	})
	t.Run("the expiry moves to an idle period from now", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.known(t)
		site.pass(10*time.Minute + 300*time.Millisecond)
		b.visit(read(t))
		touch := site.store.take()[1]
		wantEqual(t, "new expiry", noon.Add(40*time.Minute), touch.expires)
	})
	t.Run("the absolute end is touched once, and never again", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{AbsoluteTimeout: 31 * time.Minute})
		b := site.known(t)
		site.pass(time.Minute - time.Second)
		b.visit(read(t)) // the expiry would move by 59 s: not due
		site.store.want(t, "load")
		site.pass(time.Second)
		b.visit(read(t)) // by a minute, to the end
		site.store.want(t, "load", "update-ttl")
		for range 30 {
			b.visit(read(t))
			site.store.want(t, "load")
			site.pass(time.Minute)
		}
		b.visit(read(t))
		site.store.want(t, "load")
		b.wantValues(nil)
	})
	t.Run("a touch that fails is logged and no more", func(t *testing.T) {
		t.Parallel()
		var logs bytes.Buffer
		site := newSite(t, lambdasession.Config{Logger: slog.New(slog.NewTextHandler(&logs, nil))})
		b := site.known(t)
		site.pass(10 * time.Minute)
		site.store.fail(errDown, "update-ttl")
		b.visit(read(t)).wantCookie(t, noCookie)
		if !strings.Contains(logs.String(), "level=WARN") {
			t.Errorf("log: %q; want a warning", &logs)
		}
		b.wantValues(map[string]string{"apples": "1"})
	})
	t.Run("a touch of a session that has just ended says nothing", func(t *testing.T) {
		t.Parallel()
		var logs bytes.Buffer
		site := newSite(t, lambdasession.Config{Logger: slog.New(slog.NewTextHandler(&logs, nil))})
		b := site.known(t)
		site.pass(10 * time.Minute)
		site.store.once("update-ttl", func(ctx context.Context) error {
			return site.store.memory.Delete(ctx, store.KeyOf(b.cookie))
		})
		b.visit(read(t)).wantCookie(t, noCookie)
		wantEqual(t, "log", "", logs.String())
		b.wantValues(nil)
	})
	t.Run("a touch without a read in it is none", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.known(t)
		site.pass(20 * time.Minute)
		b.visit(func(s *lambdasession.Session) { s.Status() })
		site.store.want(t)
	})
}

func TestTheIdleEnd(t *testing.T) { // S5, D1
	t.Parallel()
	const idle = lambdasession.DefaultIdleTimeout
	for _, c := range []struct {
		name string
		wait time.Duration
		live bool
	}{
		{"is not yet reached a second before", idle - time.Second, true},
		{"is reached on the second", idle, false},
		{"is over a second later", idle + time.Second, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			b := site.known(t)
			site.pass(c.wait)
			want := 0
			if c.live {
				want = 1
			}
			b.visit(func(s *lambdasession.Session) { wantEqual(t, "value", want, get(t, apples, s)) })
		})
		t.Run(c.name+", for a write that does not read", func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			b := site.known(t)
			site.pass(c.wait)
			want := map[string]string{"pears": "1"}
			if c.live {
				want["apples"] = "1"
			}
			b.visit(func(s *lambdasession.Session) { set(t, pears, s, 1) })
			b.wantValues(want)
		})
	}
	t.Run("moves on with every change", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.known(t)
		for i := range 5 {
			site.pass(idle - time.Second)
			b.visit(func(s *lambdasession.Session) {
				set(t, pears, s, i) // without a read
			})
			site.pass(idle - time.Second)
			b.visit(func(s *lambdasession.Session) { add(t, apples, s, 1) })
		}
		b.wantValues(map[string]string{"apples": "6", "pears": "4"})
	})
}

func TestTheAbsoluteEnd(t *testing.T) { // S5
	t.Parallel()
	cfg := lambdasession.Config{IdleTimeout: 30 * time.Minute, AbsoluteTimeout: 2 * time.Hour}
	// busy keeps a session busy for so long.
	busy := func(t *testing.T, site *site, b *browser, do func(*lambdasession.Session), long time.Duration) {
		for range long / (10 * time.Minute) {
			b.visit(do)
			site.pass(10 * time.Minute)
		}
	}
	for name, do := range map[string]func(*lambdasession.Session){
		"reads":         func(s *lambdasession.Session) { _, _ = apples.Get(s) },
		"blind writes":  func(s *lambdasession.Session) { _ = pears.Set(s, 1) },
		"other changes": func(s *lambdasession.Session) { _, _ = pears.Update(s, func(n int) (int, error) { return n + 1, nil }) },
		"renewals":      func(s *lambdasession.Session) { _ = s.Renew() },
	} {
		t.Run("is not put off by "+name, func(t *testing.T) {
			t.Parallel()
			site := newSite(t, cfg)
			b := site.known(t)
			busy(t, site, b, do, 2*time.Hour)
			site.pass(-time.Second)
			if record, live := b.values(); !live || !record.Ends.Equal(noon.Add(2*time.Hour)) {
				t.Errorf("a second before its end: live %v, ends %v", live, record.Ends)
			}
			site.pass(time.Second)
			b.wantValues(nil)
		})
	}
	t.Run("begins anew with a sign-in", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, cfg)
		b := site.known(t)
		busy(t, site, b, read(t), time.Hour)
		b.visit(func(s *lambdasession.Session) { signIn(t, s, "ann") })
		record, _ := b.values()
		wantEqual(t, "created", noon.Add(time.Hour), record.Created)
		wantEqual(t, "ends", noon.Add(3*time.Hour), record.Ends)
		wantEqual(t, "expires", noon.Add(90*time.Minute), record.Expires)
	})
}
