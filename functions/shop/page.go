package main

import (
	"bytes"
	"crypto/rand"
	"embed"
	"html/template"
	"log/slog"
	"net/http"

	"github.com/lambdasession/lambdasession-go/functions/internal/ferrule"
	"github.com/lambdasession/lambdasession-go/lambdasession"
)

//go:embed templates
var templateFiles embed.FS

// pages are the templates by file name, each with the layout around it.
var pages = parsePages(
	"account.html", "cart.html", "catalogue.html", "checkout.html", "order.html",
	"problem.html", "product.html", "signed-out.html", "signin.html",
)

// A page is what the layout shows.
type page struct {
	Title   string
	Visitor *visitor // nil on a page that does not look at the session
	Form    string   // names the forms of this page, so that none counts twice
	Body    any      // what the page's own template shows
}

// A visitor is what the header shows of the session.
type visitor struct {
	Subject  string // empty for a visitor who is not signed in
	FullName string
	Items    int
	Flash    string
}

// show renders a page with what the session says of the visitor in its header.
// Where the session ended a moment ago, such as by signing out in another tab,
// that is what it says instead. No browser keeps the page: its back button would
// show who was signed in, and what was in the cart, to whoever comes next.
func (s *shop) show(w http.ResponseWriter, r *http.Request, status int, name, title string, body any) {
	v, err := visitorOf(lambdasession.From(r.Context()))
	if err != nil {
		s.sessions.WriteError(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	render(w, status, name, page{Title: title, Visitor: &v, Form: rand.Text(), Body: body})
}

// visitorOf reads the session: one call to the store, for all that it reads,
// and none for a visitor without a session cookie.
func visitorOf(session *lambdasession.Session) (visitor, error) {
	subject, err := session.Subject()
	if err != nil {
		return visitor{}, err
	}
	c, err := cart.Get(session)
	if err != nil {
		return visitor{}, err
	}
	text, err := flash.Pop(session)
	if err != nil {
		return visitor{}, err
	}
	if session.Status() == lambdasession.Ended {
		return visitor{}, lambdasession.ErrEnded
	}
	user, _ := ferrule.FindUser(subject)
	return visitor{Subject: subject, FullName: user.FullName, Items: c.Items(), Flash: text}, nil
}

// render writes a page. It is complete before the first byte goes out, so that
// a mistake in a template does not end in half a page.
func render(w http.ResponseWriter, status int, name string, p page) {
	var html bytes.Buffer
	if err := pages[name].Execute(&html, p); err != nil {
		slog.Error("a page could not be rendered", "page", name, "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = html.WriteTo(w) // the adapter's writer keeps it in memory and cannot fail
}

func parsePages(names ...string) map[string]*template.Template {
	layout := template.Must(template.New("layout.html").
		Funcs(template.FuncMap{"asset": assetURL}).
		ParseFS(templateFiles, "templates/layout.html"))

	parsed := make(map[string]*template.Template, len(names))
	for _, name := range names {
		parsed[name] = template.Must(template.Must(layout.Clone()).ParseFS(templateFiles, "templates/"+name))
	}
	return parsed
}
