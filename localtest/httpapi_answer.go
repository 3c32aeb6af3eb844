package localtest

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// httpAPIAnswer is what a function answers in payload format version 2.0. Other
// members, such as multiValueHeaders, are not part of it and have no effect.
type httpAPIAnswer struct {
	StatusCode      int               `json:"statusCode"`
	Headers         map[string]string `json:"headers"`
	Cookies         []string          `json:"cookies"`
	Body            string            `json:"body"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`
}

// answer reads an answer. One without a statusCode, JSON or not, is a body of
// type application/json and goes out with 200; of a string that is the string
// itself.
func (httpAPI) answer(payload []byte) (gatewayReply, error) {
	var members map[string]json.RawMessage
	_ = json.Unmarshal(payload, &members) // no object: no statusCode either
	if _, ok := members["statusCode"]; !ok {
		return inferredReply(payload), nil
	}
	var a httpAPIAnswer
	if err := json.Unmarshal(payload, &a); err != nil {
		return gatewayReply{}, err
	}
	if a.StatusCode < 200 || a.StatusCode > 599 {
		return gatewayReply{}, fmt.Errorf("statusCode is %d", a.StatusCode)
	}
	body := []byte(a.Body)
	if a.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(a.Body); err != nil {
			return gatewayReply{}, errors.New("body is not base64, although isBase64Encoded says so")
		}
	}
	header := http.Header{}
	for _, name := range slices.Sorted(maps.Keys(a.Headers)) { // for names that differ in case alone
		header.Add(name, a.Headers[name])
	}
	for _, cookie := range a.Cookies {
		header.Add("Set-Cookie", cookie)
	}
	for _, name := range connectionHeaders {
		header.Del(name)
	}
	if header.Get("Content-Type") == "" && a.StatusCode != http.StatusNoContent && a.StatusCode != http.StatusNotModified {
		header.Set("Content-Type", "text/plain; charset=utf-8")
	}
	return gatewayReply{status: a.StatusCode, header: header, body: body}, nil
}

func inferredReply(payload []byte) gatewayReply {
	var text string
	if json.Unmarshal(payload, &text) == nil && string(payload) != "null" {
		payload = []byte(text)
	}
	return jsonReply(http.StatusOK, payload)
}

// failed is how an HTTP API replies by itself. Unlike a REST API it knows no 502
// and 504: a function that failed, ran into its own timeout or answered what
// cannot be read is a 500, and one that took longer than the API waits is a 503.
// For a header that is too large AWS documents the limit but no status.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html
func (httpAPI) failed(why trouble) gatewayReply {
	switch why {
	case tooLarge:
		return jsonReply(http.StatusRequestEntityTooLarge, []byte(`{"message":"Request Entity Too Large"}`))
	case headerTooLarge:
		return jsonReply(http.StatusRequestHeaderFieldsTooLarge, []byte(`{"message":"Request Header Fields Too Large"}`))
	case noTime:
		return jsonReply(http.StatusServiceUnavailable, []byte(`{"message":"Service Unavailable"}`))
	default:
		return jsonReply(http.StatusInternalServerError, []byte(`{"message":"Internal Server Error"}`))
	}
}

func jsonReply(status int, body []byte) gatewayReply {
	return gatewayReply{
		status: status,
		header: http.Header{"Content-Type": {"application/json"}},
		body:   body,
	}
}
