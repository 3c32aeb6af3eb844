package main

import (
	"net/http"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// showOrder shows the last order, as the session has it. Its page takes nothing
// but a GET, so that reloading it orders nothing.
func (s *shop) showOrder(w http.ResponseWriter, r *http.Request) {
	session := lambdasession.From(r.Context())
	last, err := order.Get(session)
	if err != nil {
		s.sessions.WriteError(w, r, err)
		return
	}
	if last.Number == "" || last.Number != r.PathValue("number") {
		showProblem(w, problem{
			Status: http.StatusNotFound,
			Title:  "We do not know that order",
			Text: "This sample keeps your last order alone, and keeps it in your session: it goes when you sign out, " +
				"when you stay away for long, and when you order again.",
			Link: "/", LinkText: "See everything we have",
		})
		return
	}
	s.show(w, r, http.StatusOK, "order.html", "Your order", last)
}

// nothingToOrder answers a checkout of an empty cart, whatever emptied it.
func nothingToOrder(w http.ResponseWriter) {
	showProblem(w, problem{
		Status: http.StatusConflict,
		Title:  "There is nothing in your cart",
		Text: "So nothing was ordered just now. If there was something in it: perhaps you have ordered or removed it in another tab; " +
			"and when you sign out, or stay away for long, the cart ends with your session.",
		Link: "/", LinkText: "See everything we have",
	})
}

// sessionIsOver answers a form of the checkout that arrives without a session.
// Only somebody signed in was shown one, so it must have ended since.
func sessionIsOver(w http.ResponseWriter) {
	showProblem(w, problem{
		Status: http.StatusConflict,
		Title:  "Your session has ended",
		Text: "Nothing was ordered. A session ends when nobody uses it for a while, and when you sign out, " +
			"be it in another tab or from another device. What was in the cart ended with it.",
		Link: "/signin", LinkText: "Please sign in again",
	})
}
