package lambdasession

import "strings"

// readHeaders takes what a manager needs from an event's headers and returns
// the cookies. It goes over them once, since a map cannot be asked for a name
// in any case: most gateways write names in lower case, some as the client
// did. First turns what the map holds into the header's first value.
func readHeaders[V any](r *Request, headers map[string]V, first func(V) string) (cookies V) {
	for name, v := range headers {
		switch len(name) {
		case len("host"):
			if strings.EqualFold(name, "host") {
				r.Host = first(v)
			}
		case len("origin"): // and of "cookie"
			if strings.EqualFold(name, "origin") {
				r.Origin = first(v)
			} else if strings.EqualFold(name, "cookie") {
				cookies = v
			}
		case len("sec-fetch-site"):
			if strings.EqualFold(name, "sec-fetch-site") {
				r.FetchSite = first(v)
			}
		}
	}
	return cookies
}

func ofOne(value string) string { return value }

func ofSeveral(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// readHTTP reads the events of payload format 2.0. The cookies are in the
// header if there is one, else in the list: Function URLs send both.
func readHTTP(method, domain string, headers map[string]string, cookies []string) Request {
	r := Request{Method: method, Host: domain, Cookies: cookies}
	if line := readHeaders(&r, headers, ofOne); line != "" {
		r.Cookies = []string{line}
	}
	return r
}

// readProxy reads the events that have headers of one value, of several, or
// both: then those of several come last, and win.
func readProxy(method, domain string, single map[string]string, multi map[string][]string) Request {
	r := Request{Method: method, Host: domain, multiValue: multi != nil}
	line := readHeaders(&r, single, ofOne)
	r.Cookies = readHeaders(&r, multi, ofSeveral)
	if len(r.Cookies) == 0 && line != "" {
		r.Cookies = []string{line}
	}
	return r
}
