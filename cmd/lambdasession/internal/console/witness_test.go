package console

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestJournalHandler(t *testing.T) {
	t.Parallel()
	serve := func(app http.HandlerFunc) request {
		j := NewJournal()
		func() {
			defer func() { _ = recover() }()
			j.Handler(app).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/cart%2Fone?token=secret", nil))
		}()
		got, _ := j.since(0)
		return got.Requests[0]
	}

	t.Run("it notes method and path, and never the query", func(t *testing.T) {
		t.Parallel()
		got := serve(func(http.ResponseWriter, *http.Request) {})
		if got.Method != "GET" || got.Path != "/cart%2Fone" || got.Status != 200 || !got.Ended {
			t.Errorf("got %+v", got)
		}
	})

	t.Run("it notes the status", func(t *testing.T) {
		t.Parallel()
		if got := serve(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(418) }); got.Status != 418 || got.Failed() {
			t.Errorf("got %+v", got)
		}
	})

	t.Run("a status of 500 or more, and a failed invocation, are failures", func(t *testing.T) {
		t.Parallel()
		if got := serve(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }); !got.Failed() {
			t.Errorf("got %+v", got)
		}
		failed := request{Status: 200, Report: localtest.Report{Err: errors.New("exit status 2")}}
		if !failed.Failed() {
			t.Error("a function that failed is none")
		}
	})

	t.Run("an answer that breaks off is one as well, and the panic goes on", func(t *testing.T) {
		t.Parallel()
		got := serve(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(200)
			panic(http.ErrAbortHandler)
		})
		if !got.CutOff || !got.Ended || !got.Failed() || got.Status != 200 {
			t.Errorf("got %+v", got)
		}
	})

	t.Run("a request shows while it is under way", func(t *testing.T) {
		t.Parallel()
		j := NewJournal()
		j.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			j.Routed(r.Context(), Route{Function: "Shop", Key: "GET /", Service: "HTTP API"})
			got, _ := j.since(0)
			if len(got.Requests) != 1 || got.Requests[0].Ended || got.Requests[0].Route.Key != "GET /" || got.Totals.Requests != 0 {
				t.Errorf("got %+v", got)
			}
		})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	})

	t.Run("it takes the time until the answer's end", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			got := serve(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(200)
				<-time.After(80 * time.Millisecond)
			})
			if got.Duration != 80*time.Millisecond {
				t.Errorf("it took %v", got.Duration)
			}
		})
	})

	t.Run("a streamed answer is flushed through", func(t *testing.T) {
		t.Parallel()
		w := httptest.NewRecorder()
		NewJournal().Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Error(err)
			}
		})).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		if !w.Flushed {
			t.Error("nothing was flushed")
		}
	})
}
