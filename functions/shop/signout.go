package main

import (
	"net/http"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// maxDeviceID is longer than the id of any device, in bytes.
const maxDeviceID = 64

// signOut ends the session, here and in the store. It says so on a page of its
// own, as there is no session left to carry a message.
func (s *shop) signOut(w http.ResponseWriter, r *http.Request) {
	if err := lambdasession.From(r.Context()).Destroy(); err != nil {
		s.sessions.WriteError(w, r, err)
		return
	}
	http.Redirect(w, r, "/signed-out", http.StatusSeeOther)
}

func (s *shop) showSignedOut(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, "signed-out.html", "Signed out", nil)
}

// signOutDevice ends the session on one of the user's devices. Revoke looks
// for it among this user's, so that an id of somebody else's does nothing.
func (s *shop) signOutDevice(w http.ResponseWriter, r *http.Request) {
	if !parseForm(w, r) {
		return
	}
	subject, ok := s.signedIn(w, r)
	if !ok {
		return
	}
	id := r.PostForm.Get("device")
	if err := s.sessions.Revoke(r.Context(), subject, id[:min(len(id), maxDeviceID)]); err != nil {
		s.sessions.WriteError(w, r, err)
		return
	}
	if lambdasession.From(r.Context()).Status() == lambdasession.Destroyed { // it was this one
		http.Redirect(w, r, "/signed-out", http.StatusSeeOther)
		return
	}
	s.redirect(w, r, "/account", "That device is signed out.")
}

// signOutOthers ends the user's sessions on every device but this one.
func (s *shop) signOutOthers(w http.ResponseWriter, r *http.Request) {
	subject, ok := s.signedIn(w, r)
	if !ok {
		return
	}
	if err := s.sessions.RevokeOthers(r.Context(), subject); err != nil {
		s.sessions.WriteError(w, r, err)
		return
	}
	s.redirect(w, r, "/account", "You are signed out everywhere else.")
}
