package console

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/store"
)

const (
	// pageSessions is how many sessions make a page. Where a page is put
	// together from several reads, the last one may bring some more.
	pageSessions = 25

	// pageReads bounds what one page reads of a table in which there is much
	// else, or little of the subject that is asked for.
	pageReads = 40
)

// sessionsPage is what templates/sessions.html shows.
type sessionsPage struct {
	Table   string
	None    string // why there are none to show
	Subject string // whose alone are shown; empty for all
	From    string // where in the table the page begins; empty for its start
	Next    string // where the next page begins; empty on the last
	Rows    []sessionRow
	Revoked string // the session that was revoked just now
	Gone    string // the session that was to be, and was none any more
}

// First and Following are the addresses of other pages of the same sessions.
func (p sessionsPage) First() string     { return p.page("") }
func (p sessionsPage) Following() string { return p.page(p.Next) }

func (p sessionsPage) page(from string) string {
	query := url.Values{}
	if p.Subject != "" {
		query.Set("subject", p.Subject)
	}
	if from != "" {
		query.Set("from", from)
	}
	return strings.TrimSuffix("/sessions?"+query.Encode(), "?")
}

// sessionRow is a session as the page shows it.
type sessionRow struct {
	dynamostore.Session
	Label  string // what its device is called
	Now    time.Time
	Values []value
}

// Idle and Absolute are what is left until each timeout, of a live session.
func (r sessionRow) Idle() time.Duration     { return r.Expires.Sub(r.Now) }
func (r sessionRow) Absolute() time.Duration { return r.Ends.Sub(r.Now) }

// LeftIdle reports whether an expired session was left idle, rather than having
// come to its absolute end.
func (r sessionRow) LeftIdle() bool { return r.Expires.Before(r.Ends) }

// Ago is how long ago something was.
func (r sessionRow) Ago(t time.Time) time.Duration { return r.Now.Sub(t) }

// Revocable reports whether the session may be somebody's still.
func (r sessionRow) Revocable() bool {
	return r.State == dynamostore.Live || r.State == dynamostore.Damaged
}

// showSessions shows a page of the table's sessions.
func (c *console) showSessions(w http.ResponseWriter, r *http.Request) {
	p := sessionsPage{
		Table:   c.Table,
		None:    c.NoSessions,
		Subject: r.FormValue("subject"),
		From:    r.FormValue("from"),
		Revoked: r.FormValue("revoked"),
		Gone:    r.FormValue("gone"),
	}
	v, _ := c.Journal.since(0) // before the table is read: what comes later may have changed it
	if c.Sessions != nil {
		var err error
		p.Rows, p.Next, err = c.list(r.Context(), p.Subject, p.From)
		if _, invalid := errors.AsType[*store.InvalidError](err); invalid { // no place in the table
			c.notFound(w, r)
			return
		}
		if err != nil {
			c.showProblem(w, http.StatusBadGateway, "sessions", problem{
				What:  "The sessions cannot be read",
				Why:   err.Error(),
				After: "Reload this page to try again.",
			})
			return
		}
	}
	c.show(w, http.StatusOK, "sessions.html", page{
		Title: "Sessions",
		Here:  "sessions",
		After: c.mark(v.Revision),
		Body:  p,
	})
}

// list reads a page of sessions: the live ones first, then what has expired,
// ended or is damaged, and the newest of each first. An empty subject means all.
func (c *console) list(ctx context.Context, subject, from string) (rows []sessionRow, next string, err error) {
	next = from
	for range pageReads {
		var sessions []dynamostore.Session
		if sessions, next, err = c.Sessions.Scan(ctx, next, pageSessions); err != nil {
			return nil, "", err
		}
		for _, s := range sessions {
			if subject == "" || s.Subject == subject {
				rows = append(rows, sessionRow{Session: s, Now: c.Now(), Values: readValues(s.Fields)})
			}
		}
		if next == "" || len(rows) >= pageSessions {
			break
		}
	}
	slices.SortStableFunc(rows, func(a, b sessionRow) int {
		return cmp.Or(cmp.Compare(a.State, b.State), b.since().Compare(a.since()))
	})
	return rows, next, c.label(ctx, rows)
}

// Siblings is the address of its subject's sessions alone.
func (r sessionRow) Siblings() string { return sessionsPage{Subject: r.Subject}.First() }

// since is when a session began, or where that is gone, ended.
func (r sessionRow) since() time.Time {
	if r.Created.IsZero() {
		return r.Ended
	}
	return r.Created
}

// label looks up what the devices of the live sessions are called: their
// subjects' lists know.
func (c *console) label(ctx context.Context, rows []sessionRow) error {
	labels := map[string]map[string]string{} // by subject and device
	for i, r := range rows {
		if r.State != dynamostore.Live || r.Subject == "" {
			continue
		}
		if labels[r.Subject] == nil {
			labels[r.Subject] = map[string]string{}
			devices, err := c.Sessions.Devices(ctx, r.Subject)
			if _, invalid := errors.AsType[*store.InvalidError](err); invalid {
				continue // no store wrote that subject
			}
			if err != nil {
				return err
			}
			for _, d := range devices {
				labels[r.Subject][d.ID] = d.Label
			}
		}
		rows[i].Label = cmp.Or(labels[r.Subject][r.Device], "without a name")
	}
	return nil
}
