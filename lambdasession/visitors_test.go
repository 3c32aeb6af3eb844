package lambdasession_test

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// A warm environment serves one visitor after another.
func TestTenThousandAlternatingVisitors(t *testing.T) { // L5
	t.Parallel()
	site := newSite(t, lambdasession.Config{})
	ann, bob := site.signedIn(t, "ann"), site.known(t)
	for i := range 10_000 {
		switch i % 4 {
		case 0:
			ann.visit(func(s *lambdasession.Session) {
				subject, err := s.Subject()
				succeed(t, err)
				wantEqual(t, "subject", "ann", subject)
				set(t, news, s, "for ann")
				add(t, apples, s, 1)
			})
		case 1: // somebody without a cookie
			site.browser(t).visit(func(s *lambdasession.Session) {
				info, err := s.Info()
				succeed(t, err)
				wantEqual(t, "info", lambdasession.Info{}, info)
			}).wantCookie(t, noCookie)
		case 2:
			bob.visit(func(s *lambdasession.Session) {
				subject, err := s.Subject()
				succeed(t, err)
				wantEqual(t, "subject", "", subject)
				wantEqual(t, "news", "", get(t, news, s))
				add(t, pears, s, 1)
			})
		case 3: // a request that never uses its session
			answer := ann.visit(func(*lambdasession.Session) {})
			wantEqual(t, "header", 0, len(answer.header))
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	ann.wantValues(map[string]string{"apples": "2501", "news": `"for ann"`})
	bob.wantValues(map[string]string{"apples": "1", "pears": "2500"})
}

// Lambda may deliver an event more than once.
func TestTheSameEventTwice(t *testing.T) { // L7
	t.Parallel()
	change := func(tb testing.TB, s *lambdasession.Session) {
		set(tb, news, s, "bought")
		add(tb, apples, s, 1)
	}
	want := map[string]string{"apples": "3", "news": `"bought"`}
	t.Run("one after the other is one session", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.known(t)
		for range 2 {
			b.twin().visit(func(s *lambdasession.Session) { change(t, s) }).wantCookie(t, noCookie)
		}
		b.wantValues(want)
	})
	t.Run("at once is one session", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.known(t)
		var reading, requests sync.WaitGroup
		reading.Add(2)
		for range 2 {
			requests.Go(func() {
				r := b.request()
				if err := news.Set(r.Session, "bought"); err != nil {
					t.Error(err)
				}
				_, err := apples.Update(r.Session, func(n int) (int, error) { return n + 1, nil })
				if err != nil {
					t.Error(err)
				}
				reading.Done()
				reading.Wait()
				answer := r.respond()
				if answer.err != nil {
					t.Error(answer.err)
				}
				answer.wantCookie(t, noCookie)
			})
		}
		requests.Wait()
		b.wantValues(want)
	})
	t.Run("without a cookie is two sessions, and the later cookie wins", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.browser(t)
		first, second := b.request(), b.request()
		change(t, first.Session)
		change(t, second.Session)
		for _, r := range []*request{first, second} {
			answer := r.respond()
			succeed(t, answer.err)
			answer.wantCookie(t, newCookie)
			b.receive(answer)
			b.wantValues(map[string]string{"apples": "1", "news": `"bought"`})
		}
	})
}

// Not parallel: other tests' allocations would be counted.
//
//nolint:paralleltest // see above
func TestAllocations(t *testing.T) {
	site := newSite(t, lambdasession.Config{})
	known := site.known(t)
	event := events.APIGatewayV2HTTPRequest{Cookies: known.cookies(), Headers: map[string]string{"host": host}}
	event.RequestContext.HTTP.Method = http.MethodGet
	ctx, cancel := context.WithTimeout(t.Context(), lambdasession.DefaultIdleTimeout)
	defer cancel()

	for _, c := range []struct {
		name   string
		most   float64
		handle func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)
	}{
		{"that never looks at it", 4, func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
			return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK}, nil
		}},
		{"that takes it and does not use it", 4, func(ctx context.Context, _ events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
			if lambdasession.From(ctx) == nil {
				panic("no session")
			}
			return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK}, ctx.Err()
		}},
	} {
		t.Run("a session adds few to a handler "+c.name, func(t *testing.T) {
			wrapped := lambdasession.Wrap(site.Manager, c.handle)
			bare := testing.AllocsPerRun(100, func() { _, _ = c.handle(ctx, event) })
			with := testing.AllocsPerRun(100, func() { _, _ = wrapped(ctx, event) })
			if with-bare > c.most {
				t.Errorf("%v allocations more than the bare handler's %v; want at most %v", with-bare, bare, c.most)
			}
		})
	}
	site.store.want(t)
}
