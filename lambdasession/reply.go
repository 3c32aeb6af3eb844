package lambdasession

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"slices"

	"github.com/lambdasession/lambdasession-go/store"
)

// A Reply is a whole response: what goes out instead of the handler's when the
// session could not be saved.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// reply makes the response for err and logs it once.
func (m *Manager) reply(ctx context.Context, err error) Reply {
	reply := m.cfg.ErrorReply(ctx, err)
	level := slog.LevelError
	status, _ := statusOf(err)
	if status < 500 {
		level = slog.LevelInfo
	}
	if reply.Status < 200 || reply.Status > 999 {
		reply.Status = status // no response has another one; net/http panics
	}
	m.cfg.Logger.Log(ctx, level, "session request refused", "status", reply.Status, "error", err)

	header := make(http.Header, len(reply.Header)+2)
	for name, values := range reply.Header {
		for _, value := range values {
			header.Add(name, value) // in canonical case, or what follows would miss it
		}
	}
	// An error about one visitor's session is nobody else's, and a session
	// cookie under an error would claim what was not saved.
	header.Del("Set-Cookie")
	header.Set("Cache-Control", "no-store")
	addVary(header)
	reply.Header = header
	return reply
}

// WriteError answers a request whose session operation failed: 503 when the
// store could not answer, 409 when the session was ended or in conflict, 403
// for a cross-origin request, 500 for all else, as Config.ErrorReply has it.
// For handlers under [Manager.Handler] and for those behind an adapter under
// [Wrap].
func (m *Manager) WriteError(w http.ResponseWriter, r *http.Request, err error) {
	if rw, ok := w.(*responseWriter); ok && rw.commit() != nil {
		return // the answer to that is out
	}
	writeReply(w, m.reply(r.Context(), err))
}

func writeReply(w http.ResponseWriter, reply Reply) {
	header := w.Header()
	vary := header["Vary"] // of middleware around the handler
	maps.Copy(header, reply.Header)
	for _, line := range vary {
		if !slices.Contains(header["Vary"], line) {
			header.Add("Vary", line)
		}
	}
	w.WriteHeader(reply.Status)
	_, _ = w.Write(reply.Body) // the client went away: nobody is left to tell
}

// statusOf returns the status code for an error of this package and what to
// tell the client, which knows nothing of stores.
func statusOf(err error) (status int, detail string) {
	switch {
	case errors.Is(err, ErrCrossOrigin):
		return http.StatusForbidden, "This request came from another site."
	case errors.Is(err, ErrEnded), errors.Is(err, ErrConflict), is[*store.ConflictError](err):
		return http.StatusConflict, "The session changed while this request was under way. Nothing was saved; please reload and try again."
	case errors.Is(err, ErrUnavailable):
		return http.StatusServiceUnavailable, "The session could not be reached. What you did may not have been saved; please look before you try again."
	default:
		return http.StatusInternalServerError, "The request could not be completed."
	}
}

// problemReply is the default ErrorReply: RFC 9457 problem details, with a
// Retry-After where trying again may help.
func problemReply(err error) Reply {
	status, detail := statusOf(err)
	body, _ := json.Marshal(struct { // strings and a number always encode
		Type   string `json:"type"`
		Title  string `json:"title"`
		Status int    `json:"status"`
		Detail string `json:"detail"`
	}{"about:blank", http.StatusText(status), status, detail})
	header := http.Header{"Content-Type": {"application/problem+json"}}
	if status == http.StatusServiceUnavailable || status == http.StatusConflict {
		header.Set("Retry-After", "1")
	}
	return Reply{Status: status, Header: header, Body: body}
}
