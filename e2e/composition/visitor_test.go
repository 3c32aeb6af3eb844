package composition

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/memstore"
)

var visits = lambdasession.NewField[int]("visits")

func newSessions(tb testing.TB) *lambdasession.Manager {
	tb.Helper()
	m, err := lambdasession.New(lambdasession.Config{Store: memstore.New(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// countVisit is the page of every router: it says how often the visitor was
// here. It also sets a cookie of its own.
func countVisit(w http.ResponseWriter, r *http.Request) {
	n, err := visits.Update(lambdasession.From(r.Context()), func(n int) (int, error) { return n + 1, nil })
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: "theme", Value: "dark", Path: "/"})
	_, _ = io.WriteString(w, strconv.Itoa(n))
}

func signIn(w http.ResponseWriter, r *http.Request) {
	if err := lambdasession.From(r.Context()).SetSubject("ada", ""); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = io.WriteString(w, "welcome")
}

// newMux is an application on net/http alone.
func newMux() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /visit", countVisit)
	mux.HandleFunc("POST /sign-in", signIn)
	return mux
}

// keepCookies makes the server's client a visitor.
func keepCookies(tb testing.TB, server *httptest.Server) {
	tb.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		tb.Fatal(err)
	}
	server.Client().Jar = jar
}

// open requests a page, which must succeed, and returns its body and the names
// of the cookies that it set.
func open(tb testing.TB, server *httptest.Server, method, path string) (body string, cookies []string) {
	tb.Helper()
	r, err := http.NewRequestWithContext(tb.Context(), method, server.URL+path, nil)
	if err != nil {
		tb.Fatal(err)
	}
	out, err := server.Client().Do(r)
	if err != nil {
		tb.Fatal(err)
	}
	defer out.Body.Close()
	text, err := io.ReadAll(out.Body)
	if err != nil {
		tb.Fatal(err)
	}
	if out.StatusCode != http.StatusOK {
		tb.Fatalf("%s %s is answered %d %s", method, path, out.StatusCode, text)
	}
	for _, c := range out.Cookies() {
		cookies = append(cookies, c.Name)
	}
	return string(text), cookies
}
