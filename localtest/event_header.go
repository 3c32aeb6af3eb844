package localtest

import (
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// eventHeader is the header of a request as the services pass it on: names in
// lower case, without what belongs to the connection (RFC 9110 section 7.6.1),
// and with what a proxy adds.
func eventHeader(r gatewayRequest) map[string][]string {
	header := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		lower := strings.ToLower(name)
		header[lower] = append(header[lower], r.Header[name]...)
	}
	for _, name := range connectionHeaders {
		delete(header, strings.ToLower(name))
	}
	header["host"] = []string{r.Host}
	if len(r.body) > 0 {
		header["content-length"] = []string{strconv.Itoa(len(r.body))}
	}
	forwarded := append(header["x-forwarded-for"], sourceIP(r.Request))
	header["x-forwarded-for"] = []string{strings.Join(forwarded, ", ")}
	proto, port := "http", "80"
	if r.TLS != nil {
		proto, port = "https", "443"
	}
	if _, own, err := net.SplitHostPort(r.Host); err == nil {
		port = own
	}
	header["x-forwarded-proto"], header["x-forwarded-port"] = []string{proto}, []string{port}
	if len(header["x-amzn-trace-id"]) == 0 {
		root, _, _ := strings.Cut(newTraceID(), ";")
		header["x-amzn-trace-id"] = []string{root}
	}
	return header
}

// connectionHeaders concern one connection alone.
var connectionHeaders = []string{
	"Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization",
	"Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

func sourceIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// joined has for each name its values, joined; cookies are joined as they are
// separated (RFC 9113 section 8.2.3).
func joined(lists map[string][]string) map[string]string {
	values := make(map[string]string, len(lists))
	for name, list := range lists {
		separator := ","
		if name == "cookie" {
			separator = "; "
		}
		values[name] = strings.Join(list, separator)
	}
	return values
}

// last has for each name its last value.
func last(lists map[string][]string) map[string]string {
	values := make(map[string]string, len(lists))
	for name, list := range lists {
		if n := len(list); n > 0 {
			values[name] = list[n-1]
		}
	}
	return values
}

// splitCookies splits Cookie headers into name=value pairs as they came.
func splitCookies(headers []string) []string {
	var cookies []string
	for _, header := range headers {
		for cookie := range strings.SplitSeq(header, ";") {
			if cookie = strings.TrimSpace(cookie); cookie != "" {
				cookies = append(cookies, cookie)
			}
		}
	}
	return cookies
}
