package localtest

import (
	"cmp"
	"context"
	"net/http"
	"strings"
)

// Route is what a gateway knows of the route that a request took. It ends up in
// the event, unless the service has no routes: load balancers and function URLs.
// The zero Route is the one that catches all.
type Route struct {
	// Key is such as "GET /products/{id}"; if empty that of the route that
	// catches all: "$default", or "ANY /{proxy+}" for a REST API.
	Key string

	// Stage is the API's; "$default" if empty, or "prod" for a REST API, which
	// cannot have one of that name. When the path of a request to a REST API
	// begins with the Stage that is given here, the event's path goes without.
	Stage string

	// CustomDomain says that the API has a domain name of its own, at whose root
	// it is: paths do not begin with the Stage, whatever they look like.
	CustomDomain bool

	PathParameters map[string]string // such as id
	StageVariables map[string]string
}

type routeKey struct{}

// WithRoute returns r as a request that took the route, for [Gateway] to say so
// in its event.
func WithRoute(r *http.Request, route Route) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), routeKey{}, route))
}

func routeOf(r *http.Request) Route {
	route, _ := r.Context().Value(routeKey{}).(Route)
	return route
}

// defaultName is that of the route and the stage that catch all.
const defaultName = "$default"

func (r Route) key() string { return cmp.Or(r.Key, defaultName) }

func (r Route) stage() string { return cmp.Or(r.Stage, defaultName) }

// path is what the route's key says of the path, or the key itself if that says
// nothing.
func (r Route) path() string {
	if _, path, ok := strings.Cut(r.key(), " "); ok {
		return path
	}
	return r.key()
}
