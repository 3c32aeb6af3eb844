package lambdasession

import (
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// The responses of events have their headers in maps whose names may be
// written in any case. What follows is amend for those. It always works on
// copies: a handler may return a map that it shares between requests.

// amendSingle is amend for headers of one value. It leaves cookies to the
// caller.
func amendSingle(headers map[string]string, session http.Header) map[string]string {
	headers = copyOf(headers)
	vary, cache := takeOne(headers, "Vary"), takeOne(headers, "Cache-Control")
	switch {
	case vary == "":
		vary = "Cookie"
	case !variesOnCookie(vary):
		vary += ", Cookie"
	}
	if directive := session.Get("Cache-Control"); directive == cacheNothing || cache == "" {
		cache = directive
	}
	headers["Vary"], headers["Cache-Control"] = vary, cache
	return headers
}

// amendMulti is amend for headers of which some have one value and some
// several. API Gateway drops a single value whose name has several, so what it
// adds to, it moves there.
func amendMulti(single map[string]string, multi map[string][]string, session http.Header) (map[string]string, map[string][]string) {
	single, multi = copyOf(single), copyOf(multi)
	for _, name := range []string{"Vary", "Cache-Control", "Set-Cookie"} {
		alone, several := take(single, name), slices.Concat(take(multi, name)...)
		if len(several) == 0 {
			several = alone
		}
		if len(several) > 0 {
			multi[name] = several
		}
	}
	amend(multi, session)
	return single, multi
}

func copyOf[V any](headers map[string]V) map[string]V {
	if headers == nil {
		return map[string]V{}
	}
	return maps.Clone(headers)
}

// take removes a header, in whatever case it is written and however often, and
// returns what it held. Of a second spelling left behind, a gateway might send
// that one instead.
func take[V any](headers map[string]V, name string) []V {
	var values []V
	for n, v := range headers {
		if strings.EqualFold(n, name) {
			values = append(values, v)
			delete(headers, n)
		}
	}
	return values
}

// takeOne is take for headers of one value: several spellings make one list.
func takeOne(headers map[string]string, name string) string {
	values := slices.DeleteFunc(take(headers, name), func(v string) bool { return v == "" })
	slices.Sort(values) // a map has no order of its own
	return strings.Join(values, ", ")
}

// joined turns a reply's header into one of one value a name. A reply has no
// cookies, which could not be joined.
func joined(header http.Header) map[string]string {
	headers := make(map[string]string, len(header))
	for name, values := range header {
		headers[name] = strings.Join(values, ", ")
	}
	return headers
}

// text returns a reply's body as an event carries it: as it is, or in base64
// if JSON could not carry it.
func (r Reply) text() (body string, base64Encoded bool) {
	if utf8.Valid(r.Body) {
		return string(r.Body), false
	}
	return base64.StdEncoding.EncodeToString(r.Body), true
}
