package console

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/lambdasession/lambdasession-go/store"
)

// maxForm is the size of the largest form in bytes: some times a subject's.
const maxForm = 16 << 10

// revoke ends a session and goes back to the list that it was in. A session
// that had been renewed just before is ended as what it was renewed to.
func (c *console) revoke(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	id, back := r.PathValue("id"), url.Values{}
	for _, name := range []string{"subject", "from"} {
		if value := r.PostFormValue(name); value != "" {
			back.Set(name, value)
		}
	}
	if c.Sessions == nil {
		c.notFound(w, r)
		return
	}
	err := c.Sessions.End(r.Context(), id)
	_, ended := errors.AsType[*store.EndedError](err)
	_, invalid := errors.AsType[*store.InvalidError](err)
	switch {
	case err == nil:
		back.Set("revoked", id)
	case ended, errors.Is(err, store.ErrNotFound):
		back.Set("gone", id)
	case invalid:
		c.notFound(w, r)
		return
	default:
		c.showProblem(w, http.StatusBadGateway, "sessions", problem{
			What:  "The session could not be revoked",
			Why:   err.Error(),
			After: "It may or may not have ended. Go back to the sessions to see, and try again.",
		})
		return
	}
	http.Redirect(w, r, "/sessions?"+back.Encode(), http.StatusSeeOther)
}
