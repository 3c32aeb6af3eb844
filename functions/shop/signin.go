package main

import (
	"net/http"

	"github.com/lambdasession/lambdasession-go/functions/internal/ferrule"
	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// signInForm is what the sign-in page shows.
type signInForm struct {
	Users  []ferrule.User
	Next   string // where it leads, if not to the account
	Name   string // as it was typed, if it was wrong
	Failed bool
}

// afterSignIn is where a request to sign in wants to go on. Of all addresses that
// somebody may have put there only the checkout's counts: a link to this page
// must not lead to another site.
func afterSignIn(r *http.Request) (next, path string) {
	if r.FormValue("next") == "/checkout" {
		return "/checkout", "/checkout"
	}
	return "", "/account"
}

func (s *shop) showSignIn(w http.ResponseWriter, r *http.Request) {
	next, path := afterSignIn(r)
	subject, err := lambdasession.From(r.Context()).Subject()
	switch {
	case err != nil:
		s.sessions.WriteError(w, r, err)
	case subject != "":
		http.Redirect(w, r, path, http.StatusSeeOther)
	default:
		s.show(w, r, http.StatusOK, "signin.html", "Sign in", signInForm{Users: ferrule.Users(), Next: next})
	}
}

// signIn gives the session to a user. The session gets a new id with that, so
// that nobody who planted the old one holds the new; the cart stays.
func (s *shop) signIn(w http.ResponseWriter, r *http.Request) {
	if !parseForm(w, r) {
		return
	}
	name := r.PostForm.Get("name")
	next, path := afterSignIn(r)
	user, ok := ferrule.Authenticate(name, r.PostForm.Get("password"))
	if !ok {
		// The same words whether the name or the password is wrong.
		s.show(w, r, http.StatusUnprocessableEntity, "signin.html", "Sign in",
			signInForm{Users: ferrule.Users(), Next: next, Name: shorten(name), Failed: true})
		return
	}

	session := lambdasession.From(r.Context())
	if err := session.SetSubject(user.Name, ferrule.DeviceName(r.UserAgent())); err != nil {
		s.sessions.WriteError(w, r, err)
		return
	}
	s.redirect(w, r, path, "Welcome, "+user.FullName+".")
}
