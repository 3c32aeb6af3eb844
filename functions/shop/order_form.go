package main

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/lambdasession/lambdasession-go/functions/internal/ferrule"
)

// maxAddressLine is the length of the longest line of an address, in characters.
const maxAddressLine = 100

// An orderForm is the checkout's form as it was posted.
type orderForm struct {
	id         string
	seen       string // what the page showed: see agreed
	to         ferrule.Address
	backToCart bool // by the button that only saves what was typed
}

// parseOrderForm reads the form, or answers what is wrong with it.
func parseOrderForm(w http.ResponseWriter, r *http.Request) (orderForm, bool) {
	if !parseForm(w, r) {
		return orderForm{}, false
	}
	line := func(name string) string { return cut(strings.TrimSpace(r.PostForm.Get(name)), 2*maxAddressLine) }
	form := orderForm{
		id:         r.PostForm.Get("form"),
		seen:       r.PostForm.Get("seen"),
		to:         ferrule.Address{Name: line("name"), Street: line("street"), City: line("city")},
		backToCart: r.PostForm.Get("then") == "cart",
	}
	if form.id == "" || len(form.id) > maxFormID {
		// Ours have a name, by which one that comes twice is known.
		refuseForm(w, http.StatusBadRequest, "That form did not arrive in one piece")
		return orderForm{}, false
	}
	return form, true
}

// An addressField is a line of the address in the checkout's form.
type addressField struct {
	Name, Label, Autocomplete, Value string
	Mistake                          string // what is wrong with the value, or ""
}

// addressFields are the fields as the session has them, with their mistakes if
// those are to be shown.
func addressFields(to ferrule.Address, mistakes bool) []addressField {
	fields := []addressField{
		{Name: "name", Label: "Name", Autocomplete: "name", Value: to.Name},
		{Name: "street", Label: "Street and number", Autocomplete: "address-line1", Value: to.Street},
		{Name: "city", Label: "Postcode and city", Autocomplete: "address-line2", Value: to.City},
	}
	if mistakes {
		for i, f := range fields {
			fields[i].Mistake = lineMistake(f.Value)
		}
	}
	return fields
}

func lineMistake(line string) string {
	switch n := utf8.RuneCountInString(line); {
	case n == 0:
		return "Please fill this in."
	case n > maxAddressLine:
		return fmt.Sprintf("Please shorten this to %d characters.", maxAddressLine)
	default:
		return ""
	}
}

// complete reports whether an order can go there.
func complete(to ferrule.Address) bool {
	return cmp.Or(lineMistake(to.Name), lineMistake(to.Street), lineMistake(to.City)) == ""
}

// cut keeps the first characters of a text.
func cut(text string, most int) string {
	runes := []rune(strings.ToValidUTF8(text, ""))
	return string(runes[:min(len(runes), most)])
}
