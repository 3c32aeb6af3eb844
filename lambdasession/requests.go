package lambdasession

import "strings"

// readHeaders takes what a manager needs from an event's headers, in one pass,
// since a map cannot be asked for a name in any case: most gateways write
// names in lower case, some as the client did. Value turns what the map holds
// into the header's first value.
func readHeaders[V any](r *Request, headers map[string]V, value func(V) string) {
	for name, v := range headers {
		switch len(name) {
		case len("host"):
			if strings.EqualFold(name, "host") {
				r.Host = value(v)
			}
		case len("origin"):
			if strings.EqualFold(name, "origin") {
				r.Origin = value(v)
			}
		case len("sec-fetch-site"):
			if strings.EqualFold(name, "sec-fetch-site") {
				r.FetchSite = value(v)
			}
		}
	}
}

func itself(s string) string { return s }

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// readHTTP reads the events of payload format 2.0. The cookies are in the
// header if there is one, else in the list: Function URLs send both.
func readHTTP(method, domain string, headers map[string]string, cookies []string) Request {
	r := Request{Method: method, Host: domain, Cookies: cookies}
	readHeaders(&r, headers, itself)
	if line := headers[nameIn(headers, "cookie")]; line != "" {
		r.Cookies = []string{line}
	}
	return r
}

// readProxy reads the events that have headers of one value, of several, or
// both.
func readProxy(method, domain string, single map[string]string, multi map[string][]string) Request {
	r := Request{Method: method, Host: domain, multiValue: multi != nil}
	readHeaders(&r, single, itself)
	readHeaders(&r, multi, first)
	r.Cookies = multi[nameIn(multi, "cookie")]
	if line := single[nameIn(single, "cookie")]; len(r.Cookies) == 0 && line != "" {
		r.Cookies = []string{line}
	}
	return r
}
