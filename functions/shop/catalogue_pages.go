package main

import (
	"net/http"

	"github.com/lambdasession/lambdasession-go/functions/internal/ferrule"
)

func (s *shop) showCatalogue(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, "catalogue.html", "Good things for a desk", ferrule.Catalogue())
}

func (s *shop) showProduct(w http.ResponseWriter, r *http.Request) {
	product, ok := ferrule.FindProduct(r.PathValue("sku"))
	if !ok {
		productNotFound(w)
		return
	}
	s.show(w, r, http.StatusOK, "product.html", product.Name, product)
}

func productNotFound(w http.ResponseWriter) {
	showProblem(w, problem{
		Status: http.StatusNotFound,
		Title:  "We do not have that",
		Text:   "Nothing in the shop goes by that name. Perhaps it is no longer made.",
		Link:   "/", LinkText: "See everything we have",
	})
}
