package main

import (
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
}

// A storedField is one field of the session and the size of its value in bytes.
type storedField struct {
	Name  string
	Bytes int
}

func (s *shop) showAccount(w http.ResponseWriter, r *http.Request) {
	info, err := lambdasession.From(r.Context()).Info()
	if err != nil {
		s.sessions.WriteError(w, r, err)
		return
	}
	if info.Subject == "" {
		http.Redirect(w, r, "/signin", http.StatusSeeOther)
		return
	}
	s.show(w, r, http.StatusOK, "account.html", "Your account", account{
		Info:     info,
		Lifetime: fmt.Sprintf("%.0f hours", info.Ends.Sub(info.Created).Hours()),
		Stored:   storedFields(info),
	})
}

func storedFields(info lambdasession.Info) []storedField {
	var fields []storedField
	for _, name := range slices.Sorted(maps.Keys(info.Fields)) {
		fields = append(fields, storedField{name, info.Fields[name]})
	}
	return fields
}
