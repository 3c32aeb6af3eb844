package main

import (
	"context"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/lambdasession/lambdasession-go/functions/internal/ferrule"
	"github.com/lambdasession/lambdasession-go/lambdasession"
)

type (
	request  = events.LambdaFunctionURLRequest
	response = events.LambdaFunctionURLStreamingResponse
)

// How many rows a report has: unless asked for others, and at most.
const (
	usualRows = 10_000
	mostRows  = 1_000_000
)

// downloads counts the reports that a session asked for.
var downloads = lambdasession.NewField[int]("downloads")

//go:embed page.html
var pageFile string

//go:embed style.css
var style string

var page = template.Must(template.New("page.html").Parse(pageFile))

func handle(ctx context.Context, r request) (*response, error) {
	session := lambdasession.From(ctx)
	switch route := r.RequestContext.HTTP.Method + " " + r.RawPath; route {
	case "GET /":
		return show(session, http.StatusOK, "")
	case "POST /signin":
		return signIn(session, r)
	case "POST /signout":
		if err := session.Destroy(); err != nil {
			return nil, err
		}
		return redirect(), nil
	case "GET /style.css":
		return &response{
			StatusCode: http.StatusOK,
			Headers:    map[string]string{"content-type": "text/css; charset=utf-8", "cache-control": "max-age=3600"},
			Body:       strings.NewReader(style),
		}, nil
	case "GET /orders.csv":
		return download(session, r)
	default:
		return show(session, http.StatusNotFound, "There is no such page here.")
	}
}

// download streams the orders of whoever is signed in.
func download(session *lambdasession.Session, r request) (*response, error) {
	subject, err := session.Subject()
	if err != nil {
		return nil, err // lambdasession knows what to answer
	}
	if subject == "" {
		return show(session, http.StatusUnauthorized, "Please sign in to see your orders.")
	}
	rows := usualRows
	if asked := r.QueryStringParameters["rows"]; asked != "" {
		if rows, err = strconv.Atoi(asked); err != nil || rows < 1 || rows > mostRows {
			return show(session, http.StatusUnprocessableEntity, fmt.Sprintf("A report has from 1 to %d rows.", mostRows))
		}
	}
	if _, err := downloads.Update(session, func(n int) (int, error) { return n + 1, nil }); err != nil {
		return nil, err
	}
	return &response{
		StatusCode: http.StatusOK,
		Headers: map[string]string{
			"content-type":           "text/csv; charset=utf-8",
			"content-disposition":    `attachment; filename="orders.csv"`,
			"x-content-type-options": "nosniff",
		},
		Body: newOrders(subject, rows, time.Now()),
	}, nil
}

func signIn(session *lambdasession.Session, r request) (*response, error) {
	form, err := parseForm(r)
	if err != nil {
		return show(session, http.StatusBadRequest, "That form did not arrive in one piece. Please try again.")
	}
	user, ok := ferrule.Authenticate(form.Get("name"), form.Get("password"))
	if !ok {
		return show(session, http.StatusUnprocessableEntity, "That name and password do not go together. Please try again.")
	}
	label := "Orders, " + ferrule.DeviceName(r.Headers["user-agent"])
	if err := session.SetSubject(user.Name, label); err != nil {
		return nil, err
	}
	return redirect(), nil
}

func parseForm(r request) (url.Values, error) {
	body := r.Body
	if r.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(body)
		if err != nil {
			return nil, err
		}
		body = string(decoded)
	}
	return url.ParseQuery(body)
}

// show is the one page there is: the form to sign in, or what there is to fetch.
func show(session *lambdasession.Session, status int, message string) (*response, error) {
	subject, err := session.Subject()
	if err != nil {
		return nil, err
	}
	count, err := downloads.Get(session)
	if err != nil {
		return nil, err
	}
	user, _ := ferrule.FindUser(subject)
	var html strings.Builder
	err = page.Execute(&html, map[string]any{
		"User": user, "Users": ferrule.Users(), "Downloads": count, "Message": message,
	})
	return &response{
		StatusCode: status,
		Headers: map[string]string{
			"content-type":            "text/html; charset=utf-8",
			"cache-control":           "no-store", // the back button shows nobody who was signed in
			"content-security-policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"referrer-policy":         "same-origin",
			"x-content-type-options":  "nosniff",
		},
		Body: strings.NewReader(html.String()),
	}, err
}

// redirect ends a POST, so that reloading the page does nothing twice.
func redirect() *response {
	return &response{
		StatusCode: http.StatusSeeOther,
		Headers:    map[string]string{"location": "/"},
		Body:       strings.NewReader(""),
	}
}
