package console

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// stream is an open page's connection.
type stream struct {
	t    *testing.T
	body *bufio.Reader
}

// event is one server-sent event.
type event struct{ name, id, data string }

// open connects as a page does that shows a revision.
func (s *site) open(after, lastEventID string) *stream {
	s.t.Helper()
	server := httptest.NewServer(s.pages)
	s.t.Cleanup(server.Close)
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	s.t.Cleanup(cancel) // before the server waits for it
	r, err := http.NewRequestWithContext(ctx, "GET", server.URL+"/events?after="+after, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if lastEventID != "" {
		r.Header.Set("Last-Event-ID", lastEventID)
	}
	response, err := server.Client().Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { response.Body.Close() })
	if got := response.Header.Get("Content-Type"); got != "text/event-stream" {
		s.t.Fatalf("status %d, content type %q", response.StatusCode, got)
	}
	return &stream{s.t, bufio.NewReader(response.Body)}
}

// next reads the next event, comments and pauses aside.
func (s *stream) next() event {
	s.t.Helper()
	var e event
	var data []string
	for {
		line, err := s.body.ReadString('\n')
		if err != nil {
			s.t.Fatalf("reading events: %v", err)
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch name {
		case "event":
			e.name = value
		case "id":
			e.id = value
		case "data":
			data = append(data, value)
		case "":
			if e.name != "" {
				e.data = strings.Join(data, "\n")
				return e
			}
		}
	}
}

// until reads events up to one whose data has a text.
func (s *stream) until(name, text string) event {
	s.t.Helper()
	for {
		if e := s.next(); e.name == name && strings.Contains(words(e.data), text) {
			return e
		}
	}
}

// mark is what a page that shows all there is was rendered with.
func (s *site) mark() string {
	v, _ := s.journal.since(0)
	return s.journal.run + "." + fmt.Sprint(v.Revision)
}

func TestEvents(t *testing.T) {
	t.Parallel()
	quiet := func(http.ResponseWriter, *http.Request) {}

	t.Run("a request reaches an open page as its row, and the totals with it", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, Config{})
		page := s.open(s.mark(), "")
		s.appRequest("POST", "/cart?token=secret", s.invoked(localtest.Report{RequestID: "r-1", TraceID: "Root=1-a"}, getItem(""), updateItem("")))
		row := page.until("requests", "POST /cart")
		wantIn(t, row.data, `<li id="request-1"`, "UpdateItem", "data-wrote")
		wantNotIn(t, row.data, "secret")
		wantIn(t, words(page.until("totals", "Requests 1").data), "DynamoDB calls 2")
	})

	t.Run("a request's row is what its page would show", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, Config{})
		page := s.open(s.mark(), "")
		s.appRequest("GET", "/", s.invoked(localtest.Report{Err: errors.New("one\r\ntwo\rthree\n\nevent: forged")}))
		got := page.until("requests", "three").data
		wantIn(t, got, "event: forged")
		wantNotIn(t, got, "\r") // ends a line, like a line feed
		wantIn(t, s.get("/"), strings.TrimSpace(got)[:200])
	})

	t.Run("what happened between rendering and connecting is not lost", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, Config{})
		rendered := s.mark()
		s.appRequest("GET", "/missed", quiet)
		s.open(rendered, "").until("requests", "/missed")
	})

	t.Run("a page that comes again gets what has changed since, and only that", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, Config{})
		first := s.open(s.mark(), "")
		s.appRequest("GET", "/before", quiet)
		seen := first.until("totals", "Requests 1").id
		s.appRequest("GET", "/meanwhile", quiet)
		rows := s.open("long-ago", seen).next()
		wantIn(t, rows.data, "/meanwhile")
		wantNotIn(t, rows.data, "/before")
	})

	t.Run("a page of an earlier program is told to reload", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, Config{})
		for _, mark := range []string{"", "ANOTHERRUN.3", s.journal.run, s.journal.run + ".x", s.journal.run + ".-1"} {
			if got := s.open("", mark).next(); got.name != "restart" {
				t.Errorf("with the mark %q: %+v", mark, got)
			}
		}
	})

	t.Run("a build reaches an open page", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, Config{})
		page := s.open(s.mark(), "")
		s.journal.Built("ShopFunction", 0, errors.New("cart.go:4:15: undefined: prices"))
		page.until("builds", "ShopFunction does not build")
		s.journal.Built("ShopFunction", 812*time.Millisecond, nil)
		wantNotIn(t, page.until("builds", "ShopFunction rebuilt in 812 ms").data, "undefined: prices")
	})

	t.Run("a reader that does not read holds no request up, and is current when it does", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, Config{})
		page := s.open(s.mark(), "")
		failed := errors.New(strings.Repeat("a long story. ", 500))
		for range 2 * maxRequests {
			s.appRequest("GET", "/", s.invoked(localtest.Report{Err: failed}))
		}
		s.appRequest("GET", "/last", quiet)
		page.until("requests", "/last")
	})
}

// A reader that takes nothing for longer than patience is hung up on, and no
// goroutine is left of it.
func TestAStuckReaderIsHungUpOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, Config{})
		far, near := net.Pipe() // without a buffer: what is not read is not written
		listener := &oneConnection{conn: near, closed: make(chan struct{})}
		server := &http.Server{Handler: s.pages, ReadHeaderTimeout: time.Second}
		served := make(chan struct{})
		go func() {
			_ = server.Serve(listener)
			close(served)
		}()
		fmt.Fprintf(far, "GET /events?after=%s HTTP/1.1\r\nHost: localhost\r\n\r\n", s.mark())
		began := time.Now()
		synctest.Wait()
		<-time.After(patience + time.Second)
		synctest.Wait()
		if _, err := far.Write([]byte("x")); err == nil {
			t.Errorf("the connection is open after %v", time.Since(began))
		}
		if err := errors.Join(far.Close(), server.Close()); err != nil {
			t.Error(err)
		}
		<-served
	})
}

// oneConnection is a listener that has one connection.
type oneConnection struct {
	conn   net.Conn
	closed chan struct{}
}

func (l *oneConnection) Accept() (net.Conn, error) {
	if conn := l.conn; conn != nil {
		l.conn = nil
		return conn, nil
	}
	<-l.closed
	return nil, net.ErrClosed
}

func (l *oneConnection) Close() error {
	close(l.closed)
	return nil
}

func (l *oneConnection) Addr() net.Addr { return &net.TCPAddr{} }
