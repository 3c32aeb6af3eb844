package lambdasession_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/store"
)

func TestWrapHandsAHandlersOwnErrorOn(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]error{
		"any":                              io.ErrUnexpectedEOF,
		"one that only reads like ours":    errors.New(lambdasession.ErrUnavailable.Error()),
		"another store's, of the handlers": fmt.Errorf("orders: %w", store.ErrNotFound),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := newSpy(nil)
			handle := lambdasession.Wrap(newSessions(t, lambdasession.Config{Store: st}), func(ctx context.Context, _ httpRequest) (httpResponse, error) {
				return httpResponse{StatusCode: http.StatusTeapot, Body: "mine"}, errors.Join(visits.Set(lambdasession.From(ctx), 1), want)
			})
			out, err := handle(t.Context(), httpGet())
			if !errors.Is(err, want) {
				t.Errorf("error %v, want the handler's own", err)
			}
			wantEqual(t, "the response beside it", httpResponse{StatusCode: http.StatusTeapot, Body: "mine"}, out)
			st.want(t) // nothing is saved
		})
	}
}

func TestWrapAnswersAnErrorOfTheSession(t *testing.T) {
	t.Parallel()
	for name, wrap := range map[string]func(error) error{
		"as it came": func(err error) error { return err },
		"wrapped":    func(err error) error { return fmt.Errorf("show cart: %w", err) },
		"joined":     func(err error) error { return errors.Join(io.ErrUnexpectedEOF, err) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := newSpy(nil)
			sessions := newSessions(t, lambdasession.Config{Store: st})
			cookie := newVisitor(t, sessions)
			goSilent(st)
			handle := lambdasession.Wrap(sessions, func(ctx context.Context, _ httpRequest) (httpResponse, error) {
				_, err := visits.Get(lambdasession.From(ctx))
				return httpResponse{StatusCode: http.StatusOK, Body: "cart"}, wrap(err)
			})
			if out := answer(t, handle, httpGet(cookie)); out.StatusCode != http.StatusServiceUnavailable {
				t.Errorf("the answer is %+v, want 503", out)
			}
		})
	}
}

func TestWrapAfterAFailedReadKeepsTheHandlersResponse(t *testing.T) {
	t.Parallel()
	st := newSpy(nil)
	sessions := newSessions(t, lambdasession.Config{Store: st})
	cookie := newVisitor(t, sessions)
	goSilent(st)
	handle := lambdasession.Wrap(sessions, func(ctx context.Context, _ httpRequest) (httpResponse, error) {
		if _, err := visits.Get(lambdasession.From(ctx)); !errors.Is(err, lambdasession.ErrUnavailable) {
			t.Errorf("Get: %v, want ErrUnavailable", err)
		}
		return httpResponse{StatusCode: http.StatusOK, Body: "a page for anybody"}, nil
	})
	want := httpResponse{
		StatusCode: http.StatusOK, Body: "a page for anybody",
		Headers: map[string]string{"Vary": "Cookie", "Cache-Control": "private, no-cache"},
	}
	wantEqual(t, "response", want, answer(t, handle, httpGet(cookie)))
}

func TestFailedSaveNeverGoesOutAsSuccess(t *testing.T) { // L2
	t.Parallel()
	down := `{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"The session could not be reached. What you did may not have been saved; please look before you try again."}`
	changed := `{"type":"about:blank","title":"Conflict","status":409,"detail":"The session changed while this request was under way. Nothing was saved; please reload and try again."}`
	broken := `{"type":"about:blank","title":"Internal Server Error","status":500,"detail":"The request could not be completed."}`
	foreign := `{"type":"about:blank","title":"Forbidden","status":403,"detail":"This request came from another site."}`

	set := func(s *lambdasession.Session) { _ = visits.Set(s, 2) } // ignoring the error is safe
	readAndSet := func(s *lambdasession.Session) {
		_, _ = visits.Update(s, func(n int) (int, error) { return n + 1, nil })
	}
	signIn := func(s *lambdasession.Session) { _ = s.SetSubject("ada", "") }
	logOut := func(s *lambdasession.Session) { _ = s.Destroy() }

	for name, test := range map[string]struct {
		operation string // of the store, which fails so:
		err       error
		do        func(*lambdasession.Session)
		status    int
		retry     bool
		body      string
	}{
		"a change, and the store cannot answer":    {"update", errDown, set, 503, true, down},
		"a read, and the store cannot answer":      {"load", errDown, readAndSet, 503, true, down},
		"a renewal, and the store cannot answer":   {"rotate", errDown, signIn, 503, true, down},
		"a logout, and the store cannot answer":    {"delete", errDown, logOut, 503, true, down},
		"a deadline that passes":                   {"update", context.DeadlineExceeded, set, 503, true, down},
		"a change of a session that just ended":    {"update", &store.EndedError{At: time.Now()}, set, 409, true, changed},
		"a change of a session that is gone since": {"update", store.ErrNotFound, readAndSet, 409, true, changed},
		"a sign-in that a revocation came before":  {"save", &store.EndedError{At: time.Now()}, func(s *lambdasession.Session) { logOut(s); signIn(s) }, 409, true, changed},
		"a session that is too large":              {"update", store.ErrTooLarge, set, 500, false, broken},
		"a request that cannot succeed":            {"update", &store.InvalidError{Err: io.ErrUnexpectedEOF}, set, 500, false, broken},
		"a value that cannot be encoded": {"", nil, func(s *lambdasession.Session) {
			_ = lambdasession.NewField[func()]("f").Set(s, func() {})
		}, 500, false, broken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := newSpy(nil)
			sessions := newSessions(t, lambdasession.Config{Store: st})
			cookie := newVisitor(t, sessions)
			if test.operation != "" {
				st.fail(test.err, test.operation)
			}
			out := answer(t, lambdasession.Wrap(sessions, func(ctx context.Context, _ httpRequest) (httpResponse, error) {
				test.do(lambdasession.From(ctx))
				return handlersResponse(), nil
			}), httpGet(cookie))
			wantEqual(t, "response", problemResponse(test.status, test.retry, test.body), out)
		})
	}

	t.Run("a session begun by another site", func(t *testing.T) {
		t.Parallel()
		e := httpGet()
		e.RequestContext.HTTP.Method, e.Headers["sec-fetch-site"] = http.MethodPost, "cross-site"
		out := answer(t, lambdasession.Wrap(newSessions(t, lambdasession.Config{}), func(ctx context.Context, _ httpRequest) (httpResponse, error) {
			signIn(lambdasession.From(ctx))
			return handlersResponse(), nil
		}), e)
		wantEqual(t, "response", problemResponse(http.StatusForbidden, false, foreign), out)
	})
}

// handlersResponse is one of which nothing may be left in an error response.
func handlersResponse() httpResponse {
	return httpResponse{
		StatusCode: http.StatusOK, Body: "ok", IsBase64Encoded: false,
		Headers:           map[string]string{"Content-Type": "text/html", "X-Handler": "1", "Set-Cookie": "theme=dark"},
		MultiValueHeaders: map[string][]string{"X-Handler": {"1"}},
		Cookies:           []string{"theme=dark"},
	}
}

func problemResponse(status int, retry bool, body string) httpResponse {
	r := httpResponse{StatusCode: status, Body: body, Headers: map[string]string{
		"Content-Type": "application/problem+json", "Cache-Control": "no-store", "Vary": "Cookie",
	}}
	if retry {
		r.Headers["Retry-After"] = "1"
	}
	return r
}

func TestWrapLetsAPanicGoOn(t *testing.T) { // L3
	t.Parallel()
	type cause struct{ name string }
	want := &cause{"the handler's"}
	st := newSpy(nil)
	sessions := newSessions(t, lambdasession.Config{Store: st})
	cookie := newVisitor(t, sessions)
	st.take()
	var during context.Context
	handle := lambdasession.Wrap(sessions, func(ctx context.Context, _ httpRequest) (httpResponse, error) {
		during = ctx
		succeed(t, visits.Set(lambdasession.From(ctx), 2))
		succeed(t, lambdasession.From(ctx).Renew())
		panic(want)
	})
	func() {
		defer func() {
			if diff := cmp.Diff(any(want), recover(), cmp.AllowUnexported(cause{})); diff != "" {
				t.Errorf("recovered (-want +got):\n%s", diff)
			}
		}()
		_, _ = handle(t.Context(), httpGet(cookie))
	}()
	st.want(t) // nothing was saved
	if during.Err() == nil {
		t.Error("the handler's context has not ended")
	}
	if err := visits.Set(lambdasession.From(during), 3); !errors.Is(err, lambdasession.ErrCommitted) {
		t.Errorf("a later Set: %v, want ErrCommitted", err)
	}
	if got := visitsOf(t, sessions, httpGet(cookie)); got != 1 {
		t.Errorf("the session has %d visits, want 1 as before", got)
	}
}
