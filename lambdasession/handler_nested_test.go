package lambdasession_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// adapted runs a net/http handler on Lambda events as an adapter's
// ProxyWithContext does: the event becomes a request under the context it was
// given, and what was recorded becomes the response.
func adapted(h http.Handler) func(context.Context, httpRequest) (httpResponse, error) {
	return func(ctx context.Context, e httpRequest) (httpResponse, error) {
		r := httptest.NewRequestWithContext(ctx, e.RequestContext.HTTP.Method, e.RawPath, strings.NewReader(e.Body))
		r.Header.Set("Cookie", strings.Join(e.Cookies, "; "))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		out := httpResponse{StatusCode: w.Code, Body: w.Body.String(), Headers: map[string]string{}}
		for name, values := range w.Header() {
			if name == "Set-Cookie" {
				out.Cookies = values
			} else {
				out.Headers[name] = strings.Join(values, ", ")
			}
		}
		return out, nil
	}
}

func TestHandlerInsideTheSameManagersRequestPassesThrough(t *testing.T) {
	t.Parallel()
	page := func(w http.ResponseWriter, r *http.Request) {
		s := lambdasession.From(r.Context())
		succeed(t, visits.Set(s, 1))
		_, _ = io.WriteString(w, "first byte")
		// Whoever is outside commits, and outside an adapter the response has
		// not begun.
		wantError(t, nil, visits.Set(s, 2))
	}
	t.Run("inside Wrap", func(t *testing.T) {
		t.Parallel()
		st := newSpy(nil)
		sessions := newSessions(t, lambdasession.Config{Store: st})
		handle := lambdasession.Wrap(sessions, adapted(sessions.Handler(http.HandlerFunc(page))))
		out := answer(t, handle, httpGet())
		if len(out.Cookies) != 1 || out.Body != "first byte" {
			t.Errorf("the answer is %+v, want the page and one cookie", out)
		}
		if record := st.only(t, "save").record; string(record.Values["visits"]) != "2" {
			t.Errorf("saved were %s, want 2 visits", record.Values["visits"])
		}
	})
	t.Run("inside Handler", func(t *testing.T) {
		t.Parallel()
		st := newSpy(nil)
		sessions := newSessions(t, lambdasession.Config{Store: st})
		w := newWire()
		serve(t.Context(), sessions, w, "", func(w http.ResponseWriter, r *http.Request) {
			sessions.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				succeed(t, visits.Set(lambdasession.From(r.Context()), 1))
			})).ServeHTTP(w, r)
			st.want(t) // the inner one has not committed
			succeed(t, visits.Set(lambdasession.From(r.Context()), 2))
		})
		if len(w.Header()["Set-Cookie"]) != 1 {
			t.Errorf("the header is %v, want one cookie", w.Header())
		}
		st.want(t, "save")
	})
}

func TestManagersInsideEachOtherKeepApart(t *testing.T) {
	t.Parallel()
	shopStore, adminStore := newSpy(nil), newSpy(nil)
	shop := newSessions(t, lambdasession.Config{Store: shopStore})
	admin := newSessions(t, lambdasession.Config{Store: adminStore, Cookie: lambdasession.Cookie{Name: "__Host-admin"}})
	w := newWire()
	serve(t.Context(), shop, w, "", func(w http.ResponseWriter, r *http.Request) {
		succeed(t, visits.Set(lambdasession.From(r.Context()), 1))
		admin.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s := lambdasession.From(r.Context())
			if n := get(t, visits, s); n != 0 {
				t.Errorf("the inner session has the outer one's %d visits", n)
			}
			succeed(t, visits.Set(s, 2))
			_, _ = io.WriteString(w, "page")
		})).ServeHTTP(w, r)
	})
	wantEqual(t, "calls to the server", []string{"WriteString"}, w.acts)
	if cookies := w.first["Set-Cookie"]; len(cookies) != 2 {
		t.Errorf("the cookies are %q, want one of each manager", cookies)
	}
	shopStore.want(t, "save")
	adminStore.want(t, "save")
}

func TestWriteErrorBehindAnAdapter(t *testing.T) {
	t.Parallel()
	st := newSpy(nil)
	sessions := newSessions(t, lambdasession.Config{Store: st})
	cookie := newVisitor(t, sessions)
	goSilent(st)
	handle := lambdasession.Wrap(sessions, adapted(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := visits.Get(lambdasession.From(r.Context()))
		sessions.WriteError(w, r, err)
	})))
	out := answer(t, handle, httpGet(cookie))
	down := `{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"The session could not be reached. What you did may not have been saved; please look before you try again."}`
	wantEqual(t, "response", problemResponse(http.StatusServiceUnavailable, true, down), out)
}

func TestHandlerRefusesARequestOfAnotherSite(t *testing.T) { // S12
	t.Parallel()
	for header, value := range map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"} {
		t.Run(header, func(t *testing.T) {
			t.Parallel()
			st := newSpy(nil)
			sessions := newSessions(t, lambdasession.Config{Store: st})
			cookie := newVisitor(t, sessions)
			st.take()
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "https://shop.example/", nil)
			r.Header.Set("Cookie", cookie)
			r.Header.Set(header, value)
			w := newWire()
			sessions.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				t.Error("the handler runs")
			})).ServeHTTP(w, r)
			if w.Code != http.StatusForbidden || w.Header()["Set-Cookie"] != nil || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("the answer is %d with %v, want 403", w.Code, w.Header())
			}
			st.want(t)
		})
	}
}

func TestClosureGivesAnEventOfOnesOwnASession(t *testing.T) {
	t.Parallel()
	type tenantRequest struct {
		httpRequest
		Tenant string `json:"tenant"`
	}
	sessions := newSessions(t, lambdasession.Config{})
	handle := func(ctx context.Context, in tenantRequest) (out events.APIGatewayV2HTTPResponse, err error) {
		return lambdasession.Wrap(sessions, func(ctx context.Context, _ httpRequest) (httpResponse, error) {
			if in.Tenant != "acme" {
				t.Errorf("tenant %q, want acme", in.Tenant)
			}
			return countVisit(ctx)
		})(ctx, in.httpRequest)
	}
	out, err := handle(t.Context(), tenantRequest{httpGet(newVisitor(t, sessions)), "acme"})
	if err != nil || out.Body != "2" {
		t.Errorf("the answer is %+v, %v; want the second visit", out, err)
	}
}
