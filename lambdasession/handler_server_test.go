package lambdasession_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"strconv"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// newServer serves do under Handler, on TLS as the cookie demands, to a client
// with a cookie jar.
func newServer(t *testing.T, m *lambdasession.Manager, do http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewTLSServer(m.Handler(do))
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	server.Client().Jar = jar
	return server
}

// fetch makes a request and returns the response, its body read.
func fetch(ctx context.Context, t *testing.T, server *httptest.Server, method, path string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Body.Close()
	body, err := io.ReadAll(out.Body)
	if err != nil {
		t.Fatal(err)
	}
	return out, string(body)
}

func TestBrowserKeepsItsSession(t *testing.T) { // S4, S6
	t.Parallel()
	sessions := newSessions(t, lambdasession.Config{Keys: [][]byte{aKey}})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		n, err := visits.Update(lambdasession.From(r.Context()), func(n int) (int, error) { return n + 1, nil })
		if err != nil {
			sessions.WriteError(w, r, err)
			return
		}
		_, _ = io.WriteString(w, strconv.Itoa(n))
	})
	mux.HandleFunc("POST /sign-in", func(w http.ResponseWriter, r *http.Request) {
		_ = lambdasession.From(r.Context()).SetSubject("ada", r.UserAgent())
		http.Redirect(w, r, "/who", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /who", func(w http.ResponseWriter, r *http.Request) {
		subject, err := lambdasession.From(r.Context()).Subject()
		if err != nil {
			sessions.WriteError(w, r, err)
			return
		}
		_, _ = fmt.Fprintf(w, "you are %q", subject)
	})
	mux.HandleFunc("POST /sign-out", func(_ http.ResponseWriter, r *http.Request) {
		_ = lambdasession.From(r.Context()).Destroy()
	})
	server := newServer(t, sessions, mux.ServeHTTP)
	page := func(method, path, want string) string {
		t.Helper()
		out, body := fetch(t.Context(), t, server, method, path)
		if out.StatusCode != http.StatusOK || body != want {
			t.Errorf("%s %s is answered %d %q, want 200 %q", method, path, out.StatusCode, body, want)
		}
		for _, c := range server.Client().Jar.Cookies(out.Request.URL) {
			return c.String()
		}
		return ""
	}

	anonymous := page("GET", "/", "1")
	if again := page("GET", "/", "2"); again != anonymous {
		t.Error("the cookie has changed without need")
	}
	page("GET", "/who", `you are ""`)
	signedIn := page("POST", "/sign-in", `you are "ada"`)
	if signedIn == anonymous {
		t.Error("the cookie is the same after signing in")
	}
	page("GET", "/", "3") // the values stay
	if left := page("POST", "/sign-out", ""); left != "" {
		t.Errorf("after signing out the browser still has %s", left)
	}
	page("GET", "/", "1")

	for name, old := range map[string]string{"from before the sign-in": anonymous, "from before the sign-out": signedIn} {
		if got := visitsOf(t, sessions, httpGet(old)); got != 0 {
			t.Errorf("the cookie %s still opens a session of %d visits", name, got)
		}
	}
}

func TestServerForwardsInformationalResponses(t *testing.T) {
	t.Parallel()
	server := newServer(t, newSessions(t, lambdasession.Config{}), func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "</a.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		noError(t, visits.Set(lambdasession.From(r.Context()), 1)) // nothing is committed yet
		w.WriteHeader(http.StatusProcessing)
		_, _ = io.WriteString(w, "page")
		w.WriteHeader(http.StatusEarlyHints) // too late, and dropped
	})
	var hints []int
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		Got1xxResponse: func(code int, header textproto.MIMEHeader) error {
			hints = append(hints, code)
			if header.Get("Link") == "" || header["Set-Cookie"] != nil || header["Vary"] != nil {
				t.Errorf("a %d comes with %v, want what the handler set alone", code, header)
			}
			return nil
		},
	})
	out, body := fetch(ctx, t, server, http.MethodGet, "/")
	wantEqual(t, "informational responses", []int{103, 102}, hints)
	if out.StatusCode != http.StatusOK || body != "page" || len(out.Cookies()) != 1 {
		t.Errorf("the answer is %d %q with %v, want the page and a cookie", out.StatusCode, body, out.Cookies())
	}
}

func TestServerCommitsBodilessResponses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method string
		status int // that the handler writes; 0: none
		want   int
	}{
		"HEAD":            {http.MethodHead, 200, 200},
		"HEAD, no status": {http.MethodHead, 0, 200},
		"204":             {http.MethodGet, 204, 204},
		"304":             {http.MethodGet, 304, 304},
		"implicit 200":    {http.MethodGet, 0, 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := newSpy(nil)
			server := newServer(t, newSessions(t, lambdasession.Config{Store: st}), func(w http.ResponseWriter, r *http.Request) {
				noError(t, visits.Set(lambdasession.From(r.Context()), 1))
				if test.status != 0 {
					w.WriteHeader(test.status)
				}
			})
			out, body := fetch(t.Context(), t, server, test.method, "/")
			if out.StatusCode != test.want || body != "" || len(out.Cookies()) != 1 {
				t.Errorf("the answer is %d %q with %v, want %d and a cookie", out.StatusCode, body, out.Cookies(), test.want)
			}
			st.want(t, "save")

			goSilent(st)
			out, _ = fetch(t.Context(), t, server, test.method, "/")
			if out.StatusCode != http.StatusServiceUnavailable || len(out.Cookies()) != 0 {
				t.Errorf("with a silent store the answer is %d with %v, want 503 and no cookie", out.StatusCode, out.Cookies())
			}
		})
	}
}

func TestServerStreamsEvents(t *testing.T) {
	t.Parallel()
	st := newSpy(nil)
	read := make(chan struct{})
	server := newServer(t, newSessions(t, lambdasession.Config{Store: st}), func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		noError(t, visits.Set(lambdasession.From(r.Context()), 1))
		rc := http.NewResponseController(w)
		noError(t, rc.SetWriteDeadline(time.Time{}))
		noError(t, rc.SetReadDeadline(time.Time{}))
		noError(t, rc.EnableFullDuplex())
		noError(t, rc.Flush()) // the client has the header, and nothing else, from here on
		<-read
		_, _ = io.WriteString(w, "data: 1\n\n")
	})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	succeed(t, err)
	out, err := server.Client().Do(r)
	succeed(t, err)
	defer out.Body.Close()
	if len(out.Cookies()) != 1 {
		t.Errorf("the header comes with %v, want the cookie", out.Cookies())
	}
	st.want(t, "save")
	close(read)
	body, err := io.ReadAll(out.Body)
	succeed(t, err)
	wantEqual(t, "body", "data: 1\n\n", string(body))
}

func TestServerSwitchesProtocols(t *testing.T) {
	t.Parallel()
	for name, written := range map[string]bool{"after a 101 of net/http": true, "with a 101 of its own": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sessions := newSessions(t, lambdasession.Config{})
			cookie := newVisitor(t, sessions)
			server := newServer(t, sessions, func(w http.ResponseWriter, r *http.Request) {
				s := lambdasession.From(r.Context())
				noError(t, visits.Set(s, 7))
				if written {
					noError(t, s.Renew()) // the new cookie leaves with the 101
					w.Header().Set("Upgrade", "echo")
					w.Header().Set("Connection", "Upgrade")
					w.WriteHeader(http.StatusSwitchingProtocols)
				}
				conn, rw, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Errorf("Hijack: %v", err)
					panic(http.ErrAbortHandler) // or the client would wait for the protocol
				}
				defer func() { _ = conn.Close() }()
				if !written {
					_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n")
				}
				_, _ = rw.WriteString("hello\n")
				_ = rw.Flush()
			})
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
			succeed(t, err)
			r.Header.Set("Cookie", cookie)
			r.Header.Set("Connection", "Upgrade")
			r.Header.Set("Upgrade", "echo")
			out, err := server.Client().Do(r)
			succeed(t, err)
			defer out.Body.Close()
			line, err := bufio.NewReader(out.Body).ReadString('\n')
			if out.StatusCode != http.StatusSwitchingProtocols || line != "hello\n" || err != nil {
				t.Errorf("the answer is %d, %q, %v; want 101 and hello", out.StatusCode, line, err)
			}
			if written {
				cookie = fmt.Sprintf("%s=%s", cookieName, parseSetCookie(t, out.Header["Set-Cookie"]).Value)
			}
			if got := visitsOf(t, sessions, httpGet(cookie)); got != 7 {
				t.Errorf("the session has %d visits, want 7", got)
			}
		})
	}
}
