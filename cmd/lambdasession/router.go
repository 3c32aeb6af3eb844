package main

import (
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// router takes each request to the function whose route is the most specific,
// as an HTTP API does. (http.ServeMux would redirect what it finds untidy.)
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
type router struct {
	routes []route
}

// route is a route with the function behind it.
type route struct {
	template.Route
	segments []string // of the path; none for $default
	handler  http.Handler
}

// add puts a function behind its routes.
func (rt *router) add(f template.Function, invoker localtest.Invoker) {
	handler := localtest.Gateway(localtest.HTTPAPI, invoker)
	for _, r := range f.Routes {
		added := route{Route: r, handler: handler}
		if r.Path != "" {
			added.segments = strings.Split(r.Path[1:], "/")
		}
		rt.routes = append(rt.routes, added)
	}
}

func (rt *router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	best, parameters := rt.find(r.Method, r.URL.EscapedPath())
	if best == nil {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"message":"Not Found"}`)
		return
	}
	best.handler.ServeHTTP(w, localtest.WithRoute(r, localtest.Route{Key: best.Key(), PathParameters: parameters}))
}

// find returns the most specific route for a request, with its parameters, or
// nil.
func (rt *router) find(method, escapedPath string) (*route, map[string]string) {
	segments := strings.Split(strings.TrimPrefix(escapedPath, "/"), "/")
	var best *route
	for i := range rt.routes {
		candidate := &rt.routes[i]
		if candidate.matches(method, segments) && (best == nil || candidate.moreSpecific(best)) {
			best = candidate
		}
	}
	if best == nil {
		return nil, nil
	}
	return best, best.parameters(segments)
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
		case isVariable(want) && segments[i] != "", want == segments[i]:
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

// parameters are the variables of the path, decoded.
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
		if decoded, err := url.PathUnescape(found); err == nil {
			found = decoded
		}
		parameters[name] = found
	}
	return parameters
}
