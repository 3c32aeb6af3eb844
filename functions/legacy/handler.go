package main

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

type (
	request  = events.APIGatewayProxyRequest
	response = events.APIGatewayProxyResponse
)

// preferences is what a visitor chose. What is empty was not chosen.
type preferences struct {
	Language string `json:"language,omitempty"`
	Currency string `json:"currency,omitempty"`
}

var chosen = lambdasession.NewField[preferences]("preferences")

// What there is to choose from; the first of each is for those who did not.
var (
	languages  = []string{"en", "de", "fr"}
	currencies = []string{"EUR", "CHF", "GBP"}
)

func handle(ctx context.Context, r request) (response, error) {
	session := lambdasession.From(ctx)
	switch r.HTTPMethod {
	case http.MethodGet:
		p, err := chosen.Get(session)
		if err != nil {
			return response{}, err // lambdasession knows what to answer
		}
		return answer(http.StatusOK, nil, preferences{
			Language: cmp.Or(p.Language, accepted(r.MultiValueHeaders)),
			Currency: cmp.Or(p.Currency, currencies[0]),
		})
	case http.MethodPost:
		return choose(session, r)
	default:
		allow := map[string][]string{"Allow": {http.MethodGet, http.MethodPost}}
		return answer(http.StatusMethodNotAllowed, allow, problem("use GET or POST"))
	}
}

// choose changes what the form names and leaves the rest.
func choose(session *lambdasession.Session, r request) (response, error) {
	form, err := parseForm(r)
	if err != nil {
		return answer(http.StatusBadRequest, nil, problem("the form did not arrive in one piece"))
	}
	language, currency := form.Get("language"), form.Get("currency")
	if language != "" && !slices.Contains(languages, language) {
		return answer(http.StatusUnprocessableEntity, nil, problem("language is one of "+strings.Join(languages, ", ")))
	}
	if currency != "" && !slices.Contains(currencies, currency) {
		return answer(http.StatusUnprocessableEntity, nil, problem("currency is one of "+strings.Join(currencies, ", ")))
	}
	p, err := chosen.Update(session, func(p preferences) (preferences, error) {
		return preferences{cmp.Or(language, p.Language), cmp.Or(currency, p.Currency)}, nil
	})
	if err != nil {
		return response{}, err
	}
	cookies := map[string][]string{"Set-Cookie": {
		"language=" + p.Language + "; Path=/; Secure; SameSite=Lax",
		"currency=" + p.Currency + "; Path=/; Secure; SameSite=Lax",
	}}
	return answer(http.StatusOK, cookies, p)
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

// accepted is the first language of the request's Accept-Language headers that
// there is. (It takes them in their order, and no weights.)
func accepted(header map[string][]string) string {
	for name, values := range header {
		if !strings.EqualFold(name, "Accept-Language") {
			continue
		}
		for tag := range strings.SplitSeq(strings.Join(values, ","), ",") {
			primary, _, _ := strings.Cut(strings.TrimSpace(tag), "-")
			primary, _, _ = strings.Cut(primary, ";")
			if slices.Contains(languages, strings.ToLower(primary)) {
				return strings.ToLower(primary)
			}
		}
	}
	return languages[0]
}

// problem is one of RFC 9457, but for its status.
func problem(detail string) map[string]string { return map[string]string{"detail": detail} }

// answer is a response as REST APIs take it: every header with its list of values.
func answer(status int, header map[string][]string, body any) (response, error) {
	text, err := json.Marshal(body)
	contentType := "application/json"
	if status >= http.StatusBadRequest {
		contentType = "application/problem+json"
	}
	all := map[string][]string{"Content-Type": {contentType}, "X-Content-Type-Options": {"nosniff"}}
	maps.Copy(all, header)
	return response{StatusCode: status, MultiValueHeaders: all, Body: string(text)}, err
}
