package localtest

import "net/http"

// functionURL is [FunctionURL]: events and answers of payload format version 2.0,
// with differences.
// https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
type functionURL struct{}

func (functionURL) limits() limits {
	return limits{
		bodyBytes:   lambdaEventBytes,
		answerBytes: lambdaAnswerBytes,
		timeout:     lambdaTimeout,
	}
}

func (functionURL) stamp(header http.Header, r gatewayRequest) {
	header.Set("X-Amzn-Requestid", r.invocation)
}

// event has the cookies twice, since the header is left in place, and the path as
// it came.
func (functionURL) event(r gatewayRequest) any {
	event := newPayload2Event(r, eventHeader(r))
	event.RouteKey = defaultName
	event.RawPath = r.URL.EscapedPath()
	event.RequestContext.AccountID = "anonymous"
	event.RequestContext.RequestID = r.invocation
	event.RequestContext.RouteKey = defaultName
	event.RequestContext.Stage = defaultName
	return event
}

func (functionURL) answer(payload []byte) (gatewayReply, error) {
	return answerPayload2(payload, "application/json")
}

// failed is how a function URL replies by itself: it tells a client of 502 all
// that can happen to a function.
func (functionURL) failed(why trouble) gatewayReply {
	if why == tooLarge {
		return jsonReply(http.StatusRequestEntityTooLarge, `{"Message":"Request Entity Too Large"}`)
	}
	return jsonReply(http.StatusBadGateway, "Internal Server Error")
}
