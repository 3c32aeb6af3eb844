package console

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// gathering is how long an open page waits for what else comes: many
	// requests at once reach it as one event.
	gathering = 100 * time.Millisecond

	// patience is how long a page may take to read an event. One that takes
	// longer is hung up on; its browser comes again and catches up.
	patience = 10 * time.Second
)

// showRequests shows the requests and what there is to say of all.
func (c *console) showRequests(w http.ResponseWriter, _ *http.Request) {
	v, _ := c.Journal.since(0)
	c.show(w, http.StatusOK, "requests.html", page{
		Title: "Requests",
		Here:  "requests",
		After: c.mark(v.Revision),
		Body:  v,
	})
}

// streamEvents keeps an open page up to date by server-sent events. They carry
// HTML: "requests" rows that are new or have changed, oldest first; "totals"
// and "builds" those parts as a whole. "restart" says that the page is an
// earlier program's.
//
// An event's id is a revision of the journal. A browser that comes again says
// which it saw last and gets what has changed since: it loses nothing that the
// journal still has, however long it was away.
//
// https://html.spec.whatwg.org/multipage/server-sent-events.html
func (c *console) streamEvents(w http.ResponseWriter, r *http.Request) {
	seen := r.Header.Get("Last-Event-ID")
	if seen == "" {
		seen = r.FormValue("after")
	}
	revision, known := c.revisionOf(seen)
	w.Header().Set("Content-Type", "text/event-stream")
	out := &eventWriter{w: w, control: http.NewResponseController(w)}
	if !known {
		out.event("restart", "", "", nil)
		_ = out.send()
		return
	}
	_, _ = out.buffer.WriteString("retry: 1000\n\n")
	for {
		v, changed := c.Journal.since(revision)
		if v.Revision != revision {
			out.changes(v, c.mark(v.Revision))
			revision = v.Revision
		}
		if out.send() != nil {
			return
		}
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		}
		select {
		case <-time.After(gathering):
		case <-r.Context().Done():
			return
		}
	}
}

// mark writes a revision so that another program's is not taken for it.
func (c *console) mark(revision int64) string {
	return c.Journal.run + "." + strconv.FormatInt(revision, 10)
}

func (c *console) revisionOf(mark string) (revision int64, known bool) {
	run, digits, _ := strings.Cut(mark, ".")
	revision, err := strconv.ParseInt(digits, 10, 64)
	return revision, err == nil && revision >= 0 && run == c.Journal.run
}

// eventWriter writes events. The first error stays.
type eventWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
	buffer  bytes.Buffer
	err     error
}

// changes writes what has changed. The mark is the id of the last event alone:
// whoever misses one of them gets all again, which does no harm.
func (e *eventWriter) changes(v view, mark string) {
	if len(v.Requests) > 0 {
		e.event("requests", "", "rows", v.Requests)
	}
	if v.NewState {
		e.event("builds", "", "builds", v)
	}
	e.event("totals", mark, "totals", v.Totals)
}

// event writes an event whose data is a fragment.
func (e *eventWriter) event(name, id, fragment string, shown any) {
	var html bytes.Buffer
	if fragment != "" && e.err == nil {
		e.err = fragments.ExecuteTemplate(&html, fragment, shown)
	}
	fmt.Fprintf(&e.buffer, "event: %s\n", name)
	if id != "" {
		fmt.Fprintf(&e.buffer, "id: %s\n", id)
	}
	// A line's end may also be a carriage return, within a value of a page.
	for line := range strings.SplitSeq(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(html.String()), "\n") {
		fmt.Fprintf(&e.buffer, "data: %s\n", line)
	}
	e.buffer.WriteString("\n")
}

// send sends what has been written.
func (e *eventWriter) send() error {
	if e.err != nil {
		return e.err
	}
	if e.err = e.control.SetWriteDeadline(time.Now().Add(patience)); e.err != nil {
		return e.err
	}
	if _, e.err = e.buffer.WriteTo(e.w); e.err == nil {
		e.err = e.control.Flush()
	}
	return e.err
}
