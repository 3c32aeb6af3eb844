package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/store"
)

// Config says what a console shows. Journal and App are required, and one of
// Sessions and NoSessions.
type Config struct {
	// Journal is what has happened.
	Journal *Journal

	// App is the application's address, such as "http://localhost:3000".
	App string

	// Sessions are those of the table, and Table is its name. The client behind
	// them is not the functions': what the page itself reads is nobody's
	// request.
	Sessions Sessions
	Table    string

	// NoSessions says, in a sentence or two, why there are no sessions to show.
	NoSessions string

	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Sessions is what the page reads and ends sessions with. *[dynamostore.Store]
// has it.
type Sessions interface {
	// Scan reads a page of the sessions in the table; see [dynamostore.Store.Scan].
	Scan(ctx context.Context, from string, limit int) (sessions []dynamostore.Session, next string, err error)
	// Devices lists a subject's devices, for their labels.
	Devices(ctx context.Context, subject string) ([]store.Device, error)
	// End ends a session; see [dynamostore.Store.End].
	End(ctx context.Context, id string) error
}

// New returns the console's pages, for a server that listens on this machine
// alone. Pages that are open hold a response open each, until its request's
// context ends.
func New(config Config) (http.Handler, error) {
	if config.Now == nil {
		config.Now = time.Now
	}
	if err := config.check(); err != nil {
		return nil, err
	}
	c := &console{config}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", c.showRequests)
	mux.HandleFunc("GET /events", c.streamEvents)
	mux.HandleFunc("GET /sessions", c.showSessions)
	mux.HandleFunc("POST /sessions/{id}/revoke", c.revoke)
	mux.HandleFunc("GET /assets/{name}", serveAsset)
	mux.HandleFunc("/", c.notFound)
	return guard(mux), nil
}

type console struct{ Config }

func (c Config) check() error {
	var problems []error
	if c.Journal == nil {
		problems = append(problems, errors.New("console: Config.Journal is nil; make one with NewJournal"))
	}
	if u, err := url.Parse(c.App); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		problems = append(problems, errors.New("console: Config.App is not an address; put the application's there, such as http://localhost:3000"))
	}
	if (c.Sessions == nil) == (c.NoSessions == "") {
		problems = append(problems, errors.New("console: set either Config.Sessions or Config.NoSessions, which says why there are none"))
	}
	return errors.Join(problems...)
}
