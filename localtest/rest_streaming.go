package localtest

import "bufio"

// restStreaming is [RESTStreaming]: events as of a REST API, answers that have a
// prelude, whatever their content type.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
type restStreaming struct{ rest }

func (s restStreaming) limits() limits {
	limits := s.rest.limits()
	limits.timeout = lambdaTimeout
	return limits
}

func (restStreaming) begin(_ string, answer *bufio.Reader) (gatewayReply, error) {
	p, err := readPrelude(answer)
	if err != nil {
		return gatewayReply{}, err
	}
	return p.reply("application/json")
}
