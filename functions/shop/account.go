package main

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// An account is what the account page shows.
type account struct {
	lambdasession.Info
	Lifetime string // how long it lasts at most, such as "12 hours"
	Stored   []storedField

	Devices  []lambdasession.Device // where this user is signed in, oldest first
	Unlisted bool                   // the store cannot tell

	MinPassword int
	Mistake     passwordMistake // what was wrong with the form, if it was posted
}

// Elsewhere reports whether the user is signed in on another device too.
func (a account) Elsewhere() bool {
	return slices.ContainsFunc(a.Devices, func(d lambdasession.Device) bool { return !d.Current })
}

// A storedField is one field of the session and the size of its value in bytes.
type storedField struct {
	Name  string
	Bytes int
}

func (s *shop) showAccount(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.signedIn(w, r); ok {
		s.accountPage(w, r, http.StatusOK, "")
	}
}

// signedIn returns whose session it is. Who is not signed in is sent to where
// that can be done.
func (s *shop) signedIn(w http.ResponseWriter, r *http.Request) (subject string, ok bool) {
	subject, err := lambdasession.From(r.Context()).Subject()
	switch {
	case err != nil:
		s.sessions.WriteError(w, r, err)
	case subject == "":
		http.Redirect(w, r, "/signin", http.StatusSeeOther)
	}
	return subject, err == nil && subject != ""
}

func (s *shop) accountPage(w http.ResponseWriter, r *http.Request, status int, mistake passwordMistake) {
	info, err := lambdasession.From(r.Context()).Info()
	if err != nil {
		s.sessions.WriteError(w, r, err)
		return
	}
	devices, err := s.sessions.Sessions(r.Context(), info.Subject)
	unlisted := errors.Is(err, lambdasession.ErrUnsupported)
	if err != nil && !unlisted {
		s.sessions.WriteError(w, r, err)
		return
	}
	s.show(w, r, status, "account.html", "Your account", account{
		Info:        info,
		Lifetime:    fmt.Sprintf("%.0f hours", info.Ends.Sub(info.Created).Hours()),
		Stored:      storedFields(info),
		Devices:     devices,
		Unlisted:    unlisted,
		MinPassword: minPassword,
		Mistake:     mistake,
	})
}

func storedFields(info lambdasession.Info) []storedField {
	var fields []storedField
	for _, name := range slices.Sorted(maps.Keys(info.Fields)) {
		fields = append(fields, storedField{name, info.Fields[name]})
	}
	return fields
}
