package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"

	"github.com/aws/aws-lambda-go/events"

	"github.com/lambdasession/lambdasession-go/functions/internal/ferrule"
	"github.com/lambdasession/lambdasession-go/lambdasession"
)

type (
	request  = events.APIGatewayV2HTTPRequest
	response = events.APIGatewayV2HTTPResponse
)

// handle answers by the route that API Gateway took: see the function's events in
// the template.
func handle(ctx context.Context, r request) (response, error) {
	session := lambdasession.From(ctx)
	switch r.RouteKey {
	case "GET /api/cart":
		c, err := ferrule.CartField.Get(session)
		return answer(c, err)
	case "POST /api/cart":
		return add(session, r)
	case "DELETE /api/cart/{sku}":
		sku := r.PathParameters["sku"]
		c, err := ferrule.CartField.Update(session, func(c ferrule.Cart) (ferrule.Cart, error) {
			return c.Remove(sku), nil
		})
		return answer(c, err)
	default:
		return refuse(http.StatusNotFound, "there is no "+r.RouteKey), nil
	}
}

// add puts a product into the cart.
func add(session *lambdasession.Session, r request) (response, error) {
	var posted struct {
		SKU      string `json:"sku"`
		Quantity int    `json:"quantity"`
		Form     string `json:"form"` // the page's form: see ferrule.Cart.Add
	}
	if refused := read(r, &posted); refused != nil {
		return *refused, nil
	}
	if _, ok := ferrule.FindProduct(posted.SKU); !ok {
		return refuse(http.StatusUnprocessableEntity, fmt.Sprintf("there is no product %q", shorten(posted.SKU))), nil
	}
	if err := ferrule.CheckQuantity(posted.Quantity); err != nil {
		return refuse(http.StatusUnprocessableEntity, err.Error()), nil
	}
	c, err := ferrule.CartField.Update(session, func(c ferrule.Cart) (ferrule.Cart, error) {
		return c.Add(posted.SKU, posted.Quantity, shorten(posted.Form))
	})
	return answer(c, err)
}

// read decodes the body of a request, or says what is wrong with it.
func read(r request, posted any) *response {
	refused := func(status int, detail string) *response {
		answer := refuse(status, detail)
		return &answer
	}
	if kind, _, err := mime.ParseMediaType(r.Headers["content-type"]); err != nil || kind != "application/json" {
		return refused(http.StatusUnsupportedMediaType, "send application/json")
	}
	body := []byte(r.Body)
	if r.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(r.Body); err != nil {
			return refused(http.StatusBadRequest, "the body did not arrive in one piece")
		}
	}
	if err := json.Unmarshal(body, posted); err != nil {
		return refused(http.StatusBadRequest, `send an object such as {"sku": "brass-ruler", "quantity": 1}`)
	}
	return nil
}

// cart is the cart as the API shows it, at today's prices.
type cart struct {
	Items int    `json:"items"`
	Total int    `json:"totalCents"`
	Lines []line `json:"lines"`
}

type line struct {
	SKU      string `json:"sku"`
	Name     string `json:"name"`
	Quantity int    `json:"quantity"`
	Price    int    `json:"priceCents"`
}

// answer is what has become of the cart. An error of the session goes back to
// lambdasession, which knows what to answer; one of the visitor's is answered here.
func answer(c ferrule.Cart, err error) (response, error) {
	if quantity, ok := errors.AsType[ferrule.QuantityError](err); ok {
		return refuse(http.StatusUnprocessableEntity, quantity.Error()), nil
	}
	if err != nil {
		return response{}, err
	}
	shown := cart{Items: c.Items(), Lines: []line{}}
	for _, l := range c.Lines {
		product, _ := ferrule.FindProduct(l.SKU) // what is no longer sold costs nothing, and can be removed
		shown.Lines = append(shown.Lines, line{l.SKU, product.Name, l.Quantity, int(product.Price)})
		shown.Total += l.Quantity * int(product.Price)
	}
	return encode(http.StatusOK, "application/json", shown)
}

// refuse is a problem of RFC 9457.
func refuse(status int, detail string) response {
	problem := map[string]any{"title": http.StatusText(status), "status": status, "detail": detail}
	refused, err := encode(status, "application/problem+json", problem)
	if err != nil {
		return response{StatusCode: status}
	}
	return refused
}

func encode(status int, contentType string, body any) (response, error) {
	text, err := json.Marshal(body)
	return response{
		StatusCode: status,
		Headers:    map[string]string{"content-type": contentType, "x-content-type-options": "nosniff"},
		Body:       string(text),
	}, err
}

// shorten keeps what somebody sends from filling the answer, or the session.
func shorten(s string) string { return s[:min(len(s), 64)] }
