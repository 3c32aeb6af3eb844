package main

import (
	"errors"
	"net/http"
	"unicode/utf8"

	"github.com/lambdasession/lambdasession-go/functions/internal/ferrule"
	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// minPassword is how many characters a password has at least that is the only
// thing to sign in with: NIST SP 800-63B-4, section 3.1.1.2.
const minPassword = 15

// A passwordMistake says what was wrong with a change of password, "" if
// nothing was.
type passwordMistake string

const (
	wrongPassword passwordMistake = "wrong"
	shortPassword passwordMistake = "short"
)

// changePassword ends every session of the user, as whoever knew the old
// password may hold one, and signs in again here. The sign-in comes after the
// revocation in the same request, so it stands, while one that was under way
// elsewhere with the old password does not.
//
// The new password itself is not kept: the demo's passwords are printed on its
// sign-in page. A real application stores its hash first.
func (s *shop) changePassword(w http.ResponseWriter, r *http.Request) {
	if !parseForm(w, r) {
		return
	}
	subject, ok := s.signedIn(w, r)
	if !ok {
		return
	}
	_, ok = ferrule.Authenticate(subject, r.PostForm.Get("current"))
	switch {
	case !ok:
		s.accountPage(w, r, http.StatusUnprocessableEntity, wrongPassword)
		return
	case utf8.RuneCountInString(r.PostForm.Get("new")) < minPassword:
		s.accountPage(w, r, http.StatusUnprocessableEntity, shortPassword)
		return
	}
	if err := s.startAfresh(r, subject); err != nil {
		s.sessions.WriteError(w, r, err)
		return
	}
	s.redirect(w, r, "/account",
		"Every session of yours has ended, and this browser has a new one. The password is still the old one: this demo keeps none.")
}

// startAfresh ends every session of the subject and begins a new one, with what
// was in this one.
func (s *shop) startAfresh(r *http.Request, subject string) error {
	session := lambdasession.From(r.Context())
	keepCart, cartErr := take(session, cart)
	keepAddress, addressErr := take(session, address)
	keepOrder, orderErr := take(session, order)
	if err := errors.Join(cartErr, addressErr, orderErr); err != nil {
		return err
	}
	if err := s.sessions.RevokeAll(r.Context(), subject); err != nil {
		return err
	}
	if err := session.SetSubject(subject, ferrule.DeviceName(r.UserAgent())); err != nil {
		return err
	}
	return errors.Join(keepCart(), keepAddress(), keepOrder())
}

// take reads a field and returns how to put it back once the session is another.
func take[T any](session *lambdasession.Session, field lambdasession.Field[T]) (keep func() error, err error) {
	value, ok, err := field.Lookup(session)
	return func() error {
		if !ok {
			return nil
		}
		return field.Set(session, value)
	}, err
}
