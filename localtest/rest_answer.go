package localtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// payload1Answer is what a function answers in payload format version 1.0, and
// to a load balancer.
type payload1Answer struct {
	StatusCode        int                 `json:"statusCode"`
	Headers           map[string]string   `json:"headers"`
	MultiValueHeaders map[string][]string `json:"multiValueHeaders"`
	Body              string              `json:"body"`
	IsBase64Encoded   bool                `json:"isBase64Encoded"`
}

// restMembers are the members that an answer to a REST API may have. None is
// mandatory, but one that is not among them makes it a malformed one.
var restMembers = []string{"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}

func (rest) answer(payload []byte) (gatewayReply, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(payload, &members); err != nil || members == nil {
		return gatewayReply{}, fmt.Errorf("it is not a JSON object: %.100q", payload)
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if !slices.Contains(restMembers, name) {
			return gatewayReply{}, fmt.Errorf("it has %q, which a REST API does not take; it takes %q", name, restMembers)
		}
	}
	return answerPayload1(payload, "application/json")
}

func answerPayload1(payload []byte, defaultContentType string) (gatewayReply, error) {
	a := payload1Answer{StatusCode: http.StatusOK}
	if err := json.Unmarshal(payload, &a); err != nil {
		return gatewayReply{}, err
	}
	body, err := decodeBody(a.Body, a.IsBase64Encoded)
	if err != nil {
		return gatewayReply{}, err
	}
	reply, err := completeReply(a.StatusCode, mergeHeaders(a.Headers, a.MultiValueHeaders), nil, defaultContentType)
	reply.body = body
	return reply, err
}

// failed is how a REST API replies by itself.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
func (rest) failed(why trouble) gatewayReply {
	switch why {
	case tooLarge:
		return jsonReply(http.StatusRequestEntityTooLarge, `{"message":"Request Too Long"}`)
	case headerTooLarge:
		return jsonReply(http.StatusRequestHeaderFieldsTooLarge, `{"message":"Request Header Fields Too Large"}`)
	case noTime:
		return jsonReply(http.StatusGatewayTimeout, `{"message": "Endpoint request timed out"}`)
	default:
		return jsonReply(http.StatusBadGateway, `{"message": "Internal server error"}`)
	}
}
