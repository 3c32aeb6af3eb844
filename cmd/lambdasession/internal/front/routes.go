package front

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
)

// route is a route with the function behind it.
type route struct {
	template.Route
	segments []string // of the path; none for $default
	match    Match
	handler  http.Handler
}

func newRoute(r template.Route) *route {
	added := &route{Route: r}
	if r.Path != "" {
		added.segments = split(r.Service, r.Path)
	}
	return added
}

// split splits a path into its segments. HTTP APIs tell /cart/ from /cart, REST
// APIs do not.
func split(service template.Service, path string) []string {
	path = strings.TrimPrefix(path, "/")
	if service.IsREST() {
		path = strings.TrimRight(path, "/")
	}
	return strings.Split(path, "/")
}

// pattern is equal for routes that take the same requests.
func (r *route) pattern() string {
	segments := make([]string, len(r.segments))
	for i, segment := range r.segments {
		switch {
		case isGreedy(segment):
			segments[i] = "{+}"
		case isVariable(segment):
			segments[i] = "{}"
		default:
			segments[i] = unescape(segment)
		}
	}
	return r.Method + " " + strings.Join(segments, "/")
}

// find returns the most specific route for a request, with its parameters, or
// nil. Method and path count together for both kinds of API: a more specific path
// that lacks the method does not keep a request from a route that has both.
// (http.ServeMux would redirect what it finds untidy.)
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
func (f *Front) find(method, escapedPath string) (*route, map[string]string) {
	var best *route
	for _, candidate := range f.routes {
		if candidate.matches(method, split(candidate.Service, escapedPath)) && (best == nil || candidate.moreSpecific(best)) {
			best = candidate
		}
	}
	if best == nil {
		return nil, nil
	}
	return best, best.parameters(split(best.Service, escapedPath))
}

// isGreedy reports whether a segment is {name+}, which stands for the rest of a
// path; isVariable whether it is {name}, or that.
func isGreedy(segment string) bool   { return isVariable(segment) && strings.HasSuffix(segment, "+}") }
func isVariable(segment string) bool { return strings.HasPrefix(segment, "{") }

func (r *route) matches(method string, segments []string) bool {
	if r.Path == "" {
		return true
	}
	if r.Method != "ANY" && r.Method != method {
		return false
	}
	for i, want := range r.segments {
		switch {
		case i >= len(segments):
			return false
		case isGreedy(want):
			return segments[i] != "" || i+1 < len(segments)
		case isVariable(want) && segments[i] != "", unescape(want) == unescape(segments[i]):
		default:
			return false
		}
	}
	return len(r.segments) == len(segments)
}

// moreSpecific reports whether r goes before another route that matches as well:
// the first segment that tells them apart decides, a plain one before a
// variable before a greedy one; then the method.
func (r *route) moreSpecific(other *route) bool {
	for i := range min(len(r.segments), len(other.segments)) {
		if mine, theirs := rank(r.segments[i]), rank(other.segments[i]); mine != theirs {
			return mine > theirs
		}
	}
	if other.Path == "" {
		return r.Path != ""
	}
	return r.Path != "" && r.Method != "ANY" && other.Method == "ANY"
}

func rank(segment string) int {
	switch {
	case isGreedy(segment):
		return 0
	case isVariable(segment):
		return 1
	default:
		return 2
	}
}

// parameters are the variables of the path: decoded by an HTTP API, as they came
// by a REST API.
func (r *route) parameters(segments []string) map[string]string {
	parameters := map[string]string{}
	for i, segment := range r.segments {
		if !isVariable(segment) {
			continue
		}
		name, found := strings.Trim(segment, "{+}"), segments[i]
		if isGreedy(segment) {
			found = strings.Join(segments[i:], "/")
		}
		if !r.Service.IsREST() {
			found = unescape(found)
		}
		parameters[name] = found
	}
	if len(parameters) == 0 {
		return nil
	}
	return parameters
}

// unescape decodes what is percent-encoded. What is not, is as it is.
func unescape(text string) string {
	if decoded, err := url.PathUnescape(text); err == nil {
		return decoded
	}
	return text
}
