package front

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
)

// FunctionURL is the origin of a function URL.
type FunctionURL struct {
	Function string // the ID
	Host     string // such as reportfunction.localhost, without a port
	Main     bool   // it is at the main host as well, since nothing else is
}

// FunctionURLs are those of the functions, in the template's order.
func FunctionURLs(functions []template.Function) []FunctionURL {
	var urls []FunctionURL
	routes := 0
	for _, f := range functions {
		for _, r := range f.Routes {
			routes++
			if r.Service.IsFunctionURL() {
				urls = append(urls, FunctionURL{Function: f.ID, Host: host(f.ID)})
			}
		}
	}
	if routes == 1 && len(urls) == 1 {
		urls[0].Main = true
	}
	return urls
}

// host is the host of a function's URL. Names below localhost are this machine's
// by definition, so that no name server is asked.
//
// https://www.rfc-editor.org/rfc/rfc6761#section-6.3
func host(function string) string { return strings.ToLower(function) + ".localhost" }

// subdomain returns the host that a request asks for, without its port, and
// whether it is one below localhost.
func subdomain(asked string) (name string, ok bool) {
	if name, _, err := net.SplitHostPort(asked); err == nil {
		asked = name
	}
	asked = strings.ToLower(strings.TrimSuffix(asked, "."))
	return asked, strings.HasSuffix(asked, ".localhost")
}

// noHost replies to a request for a host that nothing is at.
func (f *Front) noHost(w http.ResponseWriter, name string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusNotFound)
	fmt.Fprintf(w, "No function of the template has its URL at %s.\n", name)
	for _, url := range f.origins {
		fmt.Fprintf(w, "%s has it at %s.\n", url.Function, url.Host)
	}
	if len(f.routes) > 0 {
		fmt.Fprintln(w, "The APIs are at localhost.")
	}
}

// checkHosts reports whether each function URL has a host to itself.
func checkHosts(functions []template.Function) error {
	owners := map[string]string{}
	for _, f := range functions {
		at := slices.IndexFunc(f.Routes, func(r template.Route) bool { return r.Service.IsFunctionURL() })
		if at < 0 {
			continue
		}
		if owner, taken := owners[host(f.ID)]; taken {
			return fmt.Errorf("line %d: the function URL of %s would be at %s, where that of %s is: run one of them with --function", f.Routes[at].Line, f.ID, host(f.ID), owner)
		}
		owners[host(f.ID)] = f.ID
	}
	return nil
}
