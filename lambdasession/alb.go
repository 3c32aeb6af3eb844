package lambdasession

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
)

// Application Load Balancers
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html).
// With multi-value headers switched on for the target group, the event and the
// response have headers of several values, otherwise of one: the response must
// have those that the event had.

var errOneCookie = errors.New("the load balancer takes one Set-Cookie header and the application sets one already: switch on multi-value headers for the target group (lambda.multi_value_headers.enabled)")

var albEntry = entry[events.ALBTargetGroupRequest]{
	from: gatewayALB,
	read: func(e events.ALBTargetGroupRequest) Request {
		return readProxy(e.HTTPMethod, "", e.Headers, e.MultiValueHeaders)
	},
}

var albDoor = door[events.ALBTargetGroupResponse]{
	to: gatewayALB,
	amend: func(out events.ALBTargetGroupResponse, h http.Header, r Request) (events.ALBTargetGroupResponse, error) {
		if r.multiValue {
			out.Headers, out.MultiValueHeaders = amendMulti(out.Headers, out.MultiValueHeaders, h)
			return out, nil
		}
		headers := amendSingle(out.Headers, h)
		if set := h.Get("Set-Cookie"); set != "" {
			if len(take(headers, "Set-Cookie")) > 0 {
				return out, &operationError{operation: "commit", err: errOneCookie}
			}
			headers["Set-Cookie"] = set
		}
		out.Headers = headers
		return out, nil
	},
	replace: func(reply Reply, r Request) events.ALBTargetGroupResponse {
		body, encoded := reply.text()
		out := events.ALBTargetGroupResponse{
			StatusCode:        reply.Status,
			StatusDescription: fmt.Sprintf("%d %s", reply.Status, http.StatusText(reply.Status)),
			Body:              body,
			IsBase64Encoded:   encoded,
		}
		if r.multiValue {
			out.MultiValueHeaders = reply.Header
		} else {
			out.Headers = joined(reply.Header)
		}
		return out
	},
}
