package lambdasession_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/memstore"
)

func ExampleManager_Handler() {
	sessions := inMemory()
	count := lambdasession.NewField[int]("count")

	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		n, err := count.Update(lambdasession.From(r.Context()), func(n int) (int, error) { return n + 1, nil })
		if err != nil {
			sessions.WriteError(w, r, err)
			return
		}
		_, _ = fmt.Fprintf(w, "visit %d\n", n) // the session is saved before this leaves
	})
	handler := sessions.Handler(mux) // for http.Server, or for lambdaurl.Start

	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/", nil))
	fmt.Print(w.Body)
	fmt.Println(w.Header()["Vary"], w.Header()["Cache-Control"], len(w.Header()["Set-Cookie"]))
	// Output:
	// visit 1
	// [Cookie] [no-store] 1
}

func ExampleManager_WriteError() {
	sessions := inMemory()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/cart", nil)

	sessions.WriteError(w, r, fmt.Errorf("add to cart: %w", lambdasession.ErrConflict))

	fmt.Println(w.Code, w.Header().Get("Content-Type"), w.Header().Get("Retry-After"))
	fmt.Println(w.Body)
	// Output:
	// 409 application/problem+json 1
	// {"type":"about:blank","title":"Conflict","status":409,"detail":"The session changed while this request was under way. Nothing was saved; please reload and try again."}
}

// A transport of another kind is served by what Wrap and Handler are made of.
func ExampleManager_Begin() {
	sessions := inMemory()
	count := lambdasession.NewField[int]("count")

	serve := func(cookie string) (body, setCookie string, err error) {
		x, err := sessions.Begin(context.Background(), lambdasession.Request{
			Method: http.MethodGet, Cookies: []string{cookie},
		})
		if err != nil {
			return "", "", err // of another site: the handler must not run
		}
		defer x.Close()

		n, err := count.Update(lambdasession.From(x.Context()), func(n int) (int, error) { return n + 1, nil })
		if err != nil {
			return "", "", err
		}

		header, err := x.Commit() // before anything leaves
		if err != nil {
			return "", "", err
		}
		return fmt.Sprint("visit ", n), header.Get("Set-Cookie"), nil
	}

	body, setCookie, err := serve("")
	fmt.Println(body, err)
	cookie, _, _ := strings.Cut(setCookie, ";")
	body, setCookie, err = serve(cookie)
	fmt.Println(body, err)
	fmt.Println("a cookie again:", setCookie != "")
	// Output:
	// visit 1 <nil>
	// visit 2 <nil>
	// a cookie again: false
}

// An ErrorReply replaces the problem+json that goes out when a session could
// not be saved.
func ExampleConfig_errorReply() {
	sessions, err := lambdasession.New(lambdasession.Config{
		Store: memstore.New(),
		ErrorReply: func(_ context.Context, err error) lambdasession.Reply {
			status := http.StatusInternalServerError
			switch {
			case errors.Is(err, lambdasession.ErrUnavailable):
				status = http.StatusServiceUnavailable
			case errors.Is(err, lambdasession.ErrEnded), errors.Is(err, lambdasession.ErrConflict):
				status = http.StatusConflict
			case errors.Is(err, lambdasession.ErrCrossOrigin):
				status = http.StatusForbidden
			}
			return lambdasession.Reply{
				Status: status,
				Header: http.Header{"Content-Type": {"text/html"}},
				Body:   fmt.Appendf(nil, "<h1>%s</h1>", http.StatusText(status)),
			}
		},
	})
	if err != nil {
		panic(err)
	}

	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/", nil)
	sessions.WriteError(w, r, lambdasession.ErrEnded)
	fmt.Println(w.Code, w.Body)
	// Output: 409 <h1>Conflict</h1>
}

// printer is an Observer that prints what it sees.
type printer struct{}

func (printer) Observe(_ context.Context, o lambdasession.Observation) {
	fmt.Println(o.Operation, o.Duration < time.Minute, o.Err)
}

func ExampleObserver() {
	sessions, err := lambdasession.New(lambdasession.Config{Store: memstore.New(), Observer: printer{}})
	if err != nil {
		panic(err)
	}
	count := lambdasession.NewField[int]("count")
	visitor := newGuest(sessions)
	for range 2 {
		visitor.visit(func(ctx context.Context) {
			_, _ = count.Update(lambdasession.From(ctx), func(n int) (int, error) { return n + 1, nil })
		})
	}
	// Output:
	// save true <nil>
	// load true <nil>
	// update true <nil>
}
