package front

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// Config is what a Front is made of.
type Config struct {
	// Functions are those that are served. Routes of one must not be routes of
	// another: see [Check].
	Functions []template.Function

	// Invokers has for each function, by its ID, what is invoked. Streaming
	// services want a [localtest.StreamInvoker]. A function that is rebuilt is
	// swapped behind its Invoker. They are invoked from several goroutines, with
	// the values of the request's context.
	Invokers map[string]localtest.Invoker

	// Matched, if not nil, is called for each request that goes to a function,
	// before it does.
	Matched func(*http.Request, Match)

	// Refused, if not nil, learns why what a function answered did not go out as
	// it is, which clients are not told: it is none that its service takes, it
	// broke off, or it was late. The context is the request's, or one with its
	// values. Failures of the function itself are its Invoker's to tell.
	Refused func(ctx context.Context, m Match, why error)
}

// Match is where a request went.
type Match struct {
	Function string // the ID
	Service  template.Service
	Route    string // such as "GET /orders/{id}" or "$default"
}

// Front is the handler of all requests. Any number of them may be served at once.
type Front struct {
	config   Config
	routes   []*route          // of all APIs
	urls     map[string]*route // of function URLs, by host
	main     *route            // of the function URL that is at the main host too
	origins  []FunctionURL
	restOnly bool
}

// New makes a Front. The error is that of [Check], or names a function without an
// Invoker.
func New(config Config) (*Front, error) {
	if err := Check(config.Functions); err != nil {
		return nil, err
	}
	f := &Front{
		config:   config,
		urls:     map[string]*route{},
		origins:  FunctionURLs(config.Functions),
		restOnly: true,
	}
	for _, function := range config.Functions {
		invoker := config.Invokers[function.ID]
		if invoker == nil {
			return nil, fmt.Errorf("front: there is no Invoker of %s", function.ID)
		}
		for _, r := range function.Routes {
			added := newRoute(r)
			added.match = Match{function.ID, r.Service, r.Key()}
			added.handler = localtest.LoggingGateway(shape(r.Service), invoker, f.refused(added.match))
			if r.Service.IsFunctionURL() {
				f.urls[host(function.ID)] = added
				continue
			}
			f.routes = append(f.routes, added)
			f.restOnly = f.restOnly && r.Service.IsREST()
		}
	}
	if len(f.origins) == 1 && f.origins[0].Main {
		f.main = f.urls[f.origins[0].Host]
	}
	return f, nil
}

// refused is the Config's Refused for one route.
func (f *Front) refused(m Match) func(context.Context, error) {
	return func(ctx context.Context, why error) {
		if f.config.Refused != nil {
			f.config.Refused(ctx, m, why)
		}
	}
}

// FunctionURLs are those that are served, in the template's order.
func (f *Front) FunctionURLs() []FunctionURL { return slices.Clone(f.origins) }

// ServeHTTP is safe for concurrent use.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if name, ok := subdomain(r.Host); ok {
		if url, ok := f.urls[name]; ok {
			f.serve(w, r, url, nil)
			return
		}
		f.noHost(w, name)
		return
	}
	if f.main != nil {
		f.serve(w, r, f.main, nil)
		return
	}
	best, parameters := f.find(r.Method, r.URL.EscapedPath())
	if best == nil {
		f.noRoute(w)
		return
	}
	f.serve(w, r, best, parameters)
}

func (f *Front) serve(w http.ResponseWriter, r *http.Request, to *route, parameters map[string]string) {
	if f.config.Matched != nil {
		f.config.Matched(r, to.match)
	}
	to.handler.ServeHTTP(w, localtest.WithRoute(r, localtest.Route{
		Key:            to.Key(),
		Stage:          to.Stage,
		CustomDomain:   true,
		PathParameters: parameters,
	}))
}

// noRoute replies to a request that no route takes: with the 404 of an HTTP API,
// or, where there is nothing but REST APIs, with what they say instead.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
func (f *Front) noRoute(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	if f.restOnly && len(f.routes) > 0 {
		w.Header().Set("X-Amzn-Errortype", "MissingAuthenticationTokenException")
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"message":"Missing Authentication Token"}`)
		return
	}
	w.WriteHeader(http.StatusNotFound)
	_, _ = io.WriteString(w, `{"message":"Not Found"}`)
}

// shape is the gateway of a service.
func shape(s template.Service) localtest.Shape {
	switch s {
	case template.HTTPAPI1:
		return localtest.HTTPAPI1
	case template.REST:
		return localtest.REST
	case template.RESTStreaming:
		return localtest.RESTStreaming
	case template.FunctionURL:
		return localtest.FunctionURL
	case template.FunctionURLStreaming:
		return localtest.FunctionURLStreaming
	default:
		return localtest.HTTPAPI
	}
}

// Check reports whether one port can serve all routes of these functions. The
// error names those that are there twice, each with its lines.
func Check(functions []template.Function) error {
	type owner struct {
		function string
		line     int
	}
	owners := map[string]owner{}
	var errs []error
	for _, f := range functions {
		for _, r := range f.Routes {
			if r.Service.IsFunctionURL() {
				continue
			}
			first, taken := owners[newRoute(r).pattern()]
			switch {
			case !taken:
				owners[newRoute(r).pattern()] = owner{f.ID, r.Line}
			case first.function == f.ID:
				errs = append(errs, fmt.Errorf("line %d: %s has the route %s already, at line %d: one port serves all APIs, so each route goes to one of them", r.Line, f.ID, r.Key(), first.line))
			default:
				errs = append(errs, fmt.Errorf("line %d: %s has the route %s, which %s has already at line %d: run one of them with --function", r.Line, f.ID, r.Key(), first.function, first.line))
			}
		}
	}
	return cmp.Or(errors.Join(errs...), checkHosts(functions))
}
