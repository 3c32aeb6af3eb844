package console

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
)

//go:embed templates
var templateFiles embed.FS

// fragments are the parts of pages that also reach an open page by themselves.
var fragments = template.Must(template.New("").Funcs(formats).ParseFS(templateFiles, "templates/part-*.html"))

// pages are the templates by file name, each with the layout around it.
var pages = parsePages("requests.html", "sessions.html", "problem.html")

// page is what the layout shows.
type page struct {
	Title string
	Here  string // its entry in the navigation
	App   string // the application's address
	After string // the journal's revision that the page shows
	Body  any    // what the page's own template shows
}

// show renders a page. It is complete before the first byte goes out, so that a
// mistake in a template does not end in half a page.
func (c *console) show(w http.ResponseWriter, status int, name string, p page) {
	p.App = c.App
	var html bytes.Buffer
	if err := pages[name].ExecuteTemplate(&html, "layout.html", p); err != nil {
		http.Error(w, fmt.Sprintf("The page cannot be shown: %v", err), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = html.WriteTo(w)
}

// problem is a page that says what went wrong.
type problem struct {
	What  string
	Why   string // as the program says it; may be empty
	After string // what to do, in words
}

func (c *console) showProblem(w http.ResponseWriter, status int, here string, p problem) {
	c.show(w, status, "problem.html", page{Title: p.What, Here: here, Body: p})
}

func (c *console) notFound(w http.ResponseWriter, _ *http.Request) {
	c.showProblem(w, http.StatusNotFound, "", problem{
		What:  "There is no such page",
		After: "The console has two: the requests and the sessions.",
	})
}

func parsePages(names ...string) map[string]*template.Template {
	parsed := make(map[string]*template.Template, len(names))
	for _, name := range names {
		parsed[name] = template.Must(template.Must(fragments.Clone()).
			ParseFS(templateFiles, "templates/layout.html", "templates/"+name))
	}
	return parsed
}
