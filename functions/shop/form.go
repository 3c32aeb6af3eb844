package main

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/lambdasession/lambdasession-go/functions/internal/ferrule"
)

// maxFormID is the length of the longest form id in bytes. The shop's own have
// 26; a longer one would only fill the session.
const maxFormID = 64

// A cartForm is a posted form that is about a number of one product.
type cartForm struct {
	product  ferrule.Product
	quantity int
	id       string
}

// parseCartForm reads the form, or answers what is wrong with it.
func parseCartForm(w http.ResponseWriter, r *http.Request) (cartForm, bool) {
	if !parseForm(w, r) {
		return cartForm{}, false
	}
	product, ok := ferrule.FindProduct(r.PostForm.Get("sku"))
	if !ok {
		productNotFound(w)
		return cartForm{}, false
	}

	typed := strings.TrimSpace(r.PostForm.Get("quantity"))
	quantity, err := strconv.Atoi(typed)
	switch {
	case typed == "":
		refuseQuantity(w, "There was no quantity in that form.")
	case err != nil:
		refuseQuantity(w, fmt.Sprintf("“%s” is not a quantity.", shorten(typed)))
	case ferrule.CheckQuantity(quantity) != nil:
		refuseQuantity(w, fmt.Sprintf("You asked for %d.", quantity))
	default:
		id := r.PostForm.Get("form")
		return cartForm{product, quantity, id[:min(len(id), maxFormID)]}, true
	}
	return cartForm{}, false
}

func parseForm(w http.ResponseWriter, r *http.Request) bool {
	err := r.ParseForm()
	if err == nil {
		return true
	}
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		refuseForm(w, http.StatusRequestEntityTooLarge, "That form is too large")
	} else {
		refuseForm(w, http.StatusBadRequest, "That form did not arrive in one piece")
	}
	return false
}

func refuseForm(w http.ResponseWriter, status int, title string) {
	showProblem(w, problem{
		Status: status,
		Title:  title,
		Text:   "Nothing was changed. Please go back, reload the page and try again.",
		Link:   "/", LinkText: "Go to the shop",
	})
}

func refuseQuantity(w http.ResponseWriter, what string) {
	showProblem(w, problem{
		Status: http.StatusUnprocessableEntity,
		Title:  "That quantity does not work",
		Text:   fmt.Sprintf("%s A cart takes from 1 to %d of each thing. Your cart is as it was.", what, ferrule.MaxQuantity),
		Link:   "/cart", LinkText: "Back to the cart",
	})
}

// shorten keeps what somebody typed from filling the page.
func shorten(s string) string {
	const most = 20
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return string(runes[:most]) + "…"
}
