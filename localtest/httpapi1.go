package localtest

import (
	"encoding/json"
	"errors"
	"strconv"
)

// httpAPI1 is [HTTPAPI1]: the service of [httpAPI], but the events and answers of
// a REST API. Answers are not inferred, and members that are not known have no
// effect.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
type httpAPI1 struct{ httpAPI }

func (httpAPI1) event(r gatewayRequest) any {
	header := eventHeader(r)
	header["content-length"] = []string{strconv.Itoa(len(r.body))}

	event := newPayload1Event(r, header)
	event.Version = "1.0"
	event.Resource = r.route.path()
	event.Path = r.URL.Path // decoded
	event.RequestContext.Path = event.Path
	event.RequestContext.RequestID = r.id
	event.RequestContext.ResourcePath = event.Resource
	event.RequestContext.Stage = r.route.stage()
	if body, encoded := eventBody(r.Header, r.body); body != "" {
		event.Body, event.IsBase64Encoded = &body, encoded
	}
	return event
}

func (httpAPI1) answer(payload []byte) (gatewayReply, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(payload, &members); err != nil {
		return gatewayReply{}, err
	}
	if _, ok := members["statusCode"]; !ok {
		return gatewayReply{}, errors.New("it has no statusCode")
	}
	return answerPayload1(payload, "text/plain; charset=utf-8")
}
