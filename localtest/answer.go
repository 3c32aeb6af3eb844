package localtest

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// What the answers of the shapes have in common.

// mergeHeaders makes a header of one with single values and one with lists. A
// name that is in both has only the list.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
func mergeHeaders(single map[string]string, lists map[string][]string) http.Header {
	header := http.Header{}
	for _, name := range slices.Sorted(maps.Keys(single)) { // for names that differ in case alone
		header.Add(name, single[name])
	}
	for name := range lists {
		header.Del(name)
	}
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		for _, value := range lists[name] {
			header.Add(name, value)
		}
	}
	return header
}

// completeReply adds to a reply what a service adds, and takes out of it what
// belongs to the connection.
func completeReply(status int, header http.Header, cookies []string, defaultContentType string) (gatewayReply, error) {
	if status < 200 || status > 599 {
		return gatewayReply{}, fmt.Errorf("its statusCode is %d", status)
	}
	for _, cookie := range cookies {
		header.Add("Set-Cookie", cookie)
	}
	for _, name := range connectionHeaders {
		header.Del(name)
	}
	if header.Get("Content-Type") == "" && hasBody(status) {
		header.Set("Content-Type", defaultContentType)
	}
	return gatewayReply{status: status, header: header}, nil
}

func decodeBody(body string, encoded bool) ([]byte, error) {
	if !encoded {
		return []byte(body), nil
	}
	decoded, err := base64.StdEncoding.DecodeString(body)
	if err != nil {
		return nil, errors.New("its body is not base64, although isBase64Encoded says so")
	}
	return decoded, nil
}

func jsonReply(status int, body string) gatewayReply {
	return gatewayReply{
		status: status,
		header: http.Header{"Content-Type": {"application/json"}},
		body:   []byte(body),
	}
}
