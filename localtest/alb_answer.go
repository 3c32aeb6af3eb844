package localtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// answer reads an answer, which must have headers of the kind that the event had:
// a load balancer does not take one that has only the other. Of a header with
// single values only one with each name goes out.
func (a alb) answer(payload []byte) (gatewayReply, error) {
	var answer payload1Answer
	if err := json.Unmarshal(payload, &answer); err != nil {
		return gatewayReply{}, err
	}
	body, err := decodeBody(answer.Body, answer.IsBase64Encoded)
	if err != nil {
		return gatewayReply{}, err
	}
	header, err := a.header(answer)
	if err != nil {
		return gatewayReply{}, err
	}
	reply, err := completeReply(answer.StatusCode, header, nil, "application/octet-stream")
	reply.body = body
	return reply, err
}

func (a alb) header(answer payload1Answer) (http.Header, error) {
	if a.multiValue {
		if answer.MultiValueHeaders == nil && answer.Headers != nil {
			return nil, errors.New("it has headers but no multiValueHeaders, which are switched on for the target group")
		}
		return mergeHeaders(nil, answer.MultiValueHeaders), nil
	}
	if answer.Headers == nil && answer.MultiValueHeaders != nil {
		return nil, errors.New("it has multiValueHeaders but no headers: switch on lambda.multi_value_headers.enabled for the target group")
	}
	header := mergeHeaders(answer.Headers, nil)
	for name, values := range header {
		header[name] = values[len(values)-1:]
	}
	return header, nil
}

// failed is how a load balancer replies by itself. It tells a client of 502 all
// that can happen to a function.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
func (alb) failed(why trouble) gatewayReply {
	switch why {
	case tooLarge:
		return albReply(http.StatusRequestEntityTooLarge)
	case headerTooLarge:
		return albReply(http.StatusBadRequest)
	default:
		return albReply(http.StatusBadGateway)
	}
}

func albReply(status int) gatewayReply {
	title := fmt.Sprintf("%d %s", status, http.StatusText(status))
	page := "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title + "</h1></center>\r\n</body>\r\n</html>\r\n"
	return gatewayReply{status: status, header: http.Header{"Content-Type": {"text/html"}}, body: []byte(page)}
}
