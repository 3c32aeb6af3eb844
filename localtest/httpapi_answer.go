package localtest

import (
	"encoding/json"
	"net/http"
)

// answer reads an answer. One without a statusCode, JSON or not, is a body of
// type application/json and goes out with 200; of a string that is the string
// itself.
func (httpAPI) answer(payload []byte) (gatewayReply, error) {
	return answerPayload2(payload, "text/plain; charset=utf-8")
}

// payload2Answer is what a function answers in payload format version 2.0. Other
// members, such as multiValueHeaders, are not part of it and have no effect.
type payload2Answer struct {
	StatusCode      int               `json:"statusCode"`
	Headers         map[string]string `json:"headers"`
	Cookies         []string          `json:"cookies"`
	Body            string            `json:"body"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`
}

// answerPayload2 is answer for every service of that format.
func answerPayload2(payload []byte, defaultContentType string) (gatewayReply, error) {
	var members map[string]json.RawMessage
	_ = json.Unmarshal(payload, &members) // no object: no statusCode either
	if _, ok := members["statusCode"]; !ok {
		return inferredReply(payload), nil
	}
	var a payload2Answer
	if err := json.Unmarshal(payload, &a); err != nil {
		return gatewayReply{}, err
	}
	body, err := decodeBody(a.Body, a.IsBase64Encoded)
	if err != nil {
		return gatewayReply{}, err
	}
	reply, err := completeReply(a.StatusCode, mergeHeaders(a.Headers, nil), a.Cookies, defaultContentType)
	reply.body = body
	return reply, err
}

func inferredReply(payload []byte) gatewayReply {
	var text string
	if json.Unmarshal(payload, &text) == nil && string(payload) != "null" {
		return jsonReply(http.StatusOK, text)
	}
	return jsonReply(http.StatusOK, string(payload))
}

// failed is how an HTTP API replies by itself. Unlike a REST API it knows no 502
// and 504: a function that failed, ran into its own timeout or answered what
// cannot be read is a 500, and one that took longer than the API waits is a 503.
// For a header that is too large AWS documents the limit but no status.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html
func (httpAPI) failed(why trouble) gatewayReply {
	switch why {
	case tooLarge:
		return jsonReply(http.StatusRequestEntityTooLarge, `{"message":"Request Entity Too Large"}`)
	case headerTooLarge:
		return jsonReply(http.StatusRequestHeaderFieldsTooLarge, `{"message":"Request Header Fields Too Large"}`)
	case noTime:
		return jsonReply(http.StatusServiceUnavailable, `{"message":"Service Unavailable"}`)
	default:
		return jsonReply(http.StatusInternalServerError, `{"message":"Internal Server Error"}`)
	}
}
