package localtest

import (
	"bufio"
	"net/http"
)

// functionURLStreaming is [FunctionURLStreaming]: events as of a function URL.
// Only answers that say by their content type that they have a prelude have one;
// others are bodies as they are, JSON with a statusCode included.
// https://docs.aws.amazon.com/lambda/latest/dg/config-rs-invoke-furls.html
type functionURLStreaming struct{ functionURL }

func (functionURLStreaming) begin(contentType string, answer *bufio.Reader) (gatewayReply, error) {
	if contentType != integrationResponse {
		return gatewayReply{
			status: http.StatusOK,
			header: http.Header{"Content-Type": {contentType}},
		}, nil
	}
	p, err := readPrelude(answer)
	if err != nil {
		return gatewayReply{}, err
	}
	p.MultiValueHeaders = nil // function URLs do not take them
	return p.reply("application/octet-stream")
}
