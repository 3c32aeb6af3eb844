package localtest

import (
	"encoding/base64"
	"net/http"
	"strings"
)

// eventBody encodes a body that is not known to be text. AWS lists what is text
// for load balancers, and HTTP APIs and function URLs go by the same list; forms
// are not on it.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
func eventBody(header http.Header, body []byte) (_ string, encoded bool) {
	if len(body) == 0 {
		return "", false
	}
	if header.Get("Content-Encoding") == "" && isText(header.Get("Content-Type")) {
		return string(body), false
	}
	return base64.StdEncoding.EncodeToString(body), true
}

func isText(contentType string) bool {
	mediaType, _, _ := strings.Cut(contentType, ";")
	mediaType = strings.ToLower(strings.TrimSpace(mediaType))
	switch mediaType {
	case "application/json", "application/javascript", "application/xml":
		return true
	default:
		return strings.HasPrefix(mediaType, "text/")
	}
}
