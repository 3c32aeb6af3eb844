package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// A problem is a page that says what went wrong and where to go from there.
// It does not look at the session: it may be the session that went wrong, and
// a stranger who tries out addresses should cost no reads.
type problem struct {
	Status int
	Title  string
	Text   string

	Link, LinkText string // where to go
	StartOver      bool   // offer to end the session
}

func showProblem(w http.ResponseWriter, p problem) {
	render(w, p.Status, "problem.html", page{Title: p.Title, Body: p})
}

// notFound answers for every address that is not a page.
func notFound(w http.ResponseWriter, _ *http.Request) {
	showProblem(w, problem{
		Status: http.StatusNotFound,
		Title:  "There is no such page",
		Text:   "The address may have been mistyped, or the page has moved.",
		Link:   "/", LinkText: "See everything we have",
	})
}

// errorReply is what goes out when the session could not be read or saved: a
// page, where a program would get problem details.
func errorReply(_ context.Context, err error) lambdasession.Reply {
	p := sessionProblem(err)
	w := bytesWriter{header: http.Header{}}
	setHeaders(w.header)
	if p.Status == http.StatusServiceUnavailable || p.Status == http.StatusConflict {
		w.header.Set("Retry-After", "1")
	}
	showProblem(&w, p)
	return lambdasession.Reply{Status: w.status, Header: w.header, Body: w.body.Bytes()}
}

// sessionProblem says it in the words of a visitor, who knows of carts and not
// of sessions.
func sessionProblem(err error) problem {
	switch {
	case errors.Is(err, lambdasession.ErrCrossOrigin):
		return problem{
			Status: http.StatusForbidden,
			Title:  "That came from another site",
			Text:   "Another site tried to do something here in your name. Nothing was changed.",
			Link:   "/", LinkText: "Go to the shop",
		}
	case errors.Is(err, lambdasession.ErrUnavailable):
		return problem{
			Status: http.StatusServiceUnavailable,
			Title:  "We cannot get at your cart right now",
			Text:   "It is safe where it is. Please try again in a moment.",
			Link:   "/cart", LinkText: "Try again",
		}
	case errors.Is(err, lambdasession.ErrEnded):
		return problem{
			Status: http.StatusConflict,
			Title:  "You signed in or out in the meantime",
			Text: "This page is from before that, perhaps from another tab, so what you just did was not saved. " +
				"Reload the page to go on.",
			Link: "/", LinkText: "Reload the shop",
		}
	case errors.Is(err, lambdasession.ErrConflict):
		return problem{
			Status: http.StatusConflict,
			Title:  "Your cart changed at the same moment",
			Text:   "Several requests changed it at once, and this one was not saved. Please look at your cart and try again.",
			Link:   "/cart", LinkText: "See the cart",
		}
	case errors.Is(err, lambdasession.ErrUnsupported):
		return problem{
			Status: http.StatusNotImplemented,
			Title:  "That cannot be done from here",
			Text: "This shop keeps its sessions where they cannot be ended from another device. Nothing was changed. " +
				"Please sign out on each device itself.",
			Link: "/account", LinkText: "Back to your account",
		}
	default:
		return problem{
			Status:    http.StatusInternalServerError,
			Title:     "We cannot make sense of your cart",
			Text:      "That is our mistake, and trying again will not help. You can start over with an empty one.",
			StartOver: true,
		}
	}
}

// bytesWriter is an http.ResponseWriter that keeps the response.
type bytesWriter struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func (w *bytesWriter) Header() http.Header         { return w.header }
func (w *bytesWriter) WriteHeader(status int)      { w.status = status }
func (w *bytesWriter) Write(p []byte) (int, error) { return w.body.Write(p) }
