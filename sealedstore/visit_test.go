package sealedstore_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/lambdasession/lambdasession-go/cookiestore"
	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/store"
)

var visits = lambdasession.NewField[int]("visits")

// serve serves a site whose sessions are sealed around inner.
func serve(t *testing.T, inner store.Store) *httptest.Server {
	t.Helper()
	sessions := must(lambdasession.New(lambdasession.Config{Store: around(t, inner, "k"), Logger: slog.New(slog.DiscardHandler)}))(t)
	return localtest.Serve(t, localtest.HTTPAPI, lambdasession.Wrap(sessions,
		func(ctx context.Context, e events.APIGatewayV2HTTPRequest) (out events.APIGatewayV2HTTPResponse, err error) {
			out.StatusCode = http.StatusOK
			session := lambdasession.From(ctx)
			switch e.RawPath {
			case "/visit":
				var n int
				n, err = visits.Update(session, func(n int) (int, error) { return n + 1, nil })
				out.Body = strconv.Itoa(n)
			case "/read":
				var n int
				n, err = visits.Get(session)
				out.Body = strconv.Itoa(n)
			case "/sign-in":
				err = session.SetSubject("ada", "Firefox")
			case "/devices":
				var devices []lambdasession.Device
				devices, err = sessions.Sessions(ctx, "ada")
				out.Body = strconv.Itoa(len(devices))
			case "/sign-out":
				err = session.Destroy()
			}
			return out, err
		}))
}

// A visitor is a browser on a site.
type visitor struct {
	*testing.T
	http.Client
	site string
}

func newVisitor(t *testing.T, site *httptest.Server) *visitor {
	t.Helper()
	client := http.Client{Transport: site.Client().Transport, Jar: must(cookiejar.New(nil))(t)}
	return &visitor{T: t, Client: client, site: site.URL}
}

// want asks for a page and reports it unless it is answered with 200 and that
// body.
func (v *visitor) want(path, body string) {
	v.Helper()
	status, got, err := v.get(path)
	if err != nil || status != http.StatusOK || got != body {
		v.Errorf("%s: got %d %q, %v; want 200 %q", path, status, got, err, body)
	}
}

func (v *visitor) get(path string) (status int, body string, err error) {
	r, err := http.NewRequestWithContext(v.Context(), http.MethodGet, v.site+path, nil)
	if err != nil {
		return 0, "", err
	}
	response, err := v.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), err
}

func TestASealedSessionsLife(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		inner   func(*testing.T) store.Store
		carried bool // the cookie store can neither list nor merge
	}{
		"around memstore": {inner: func(*testing.T) store.Store { return memstore.New() }},
		"around dynamostore": {inner: func(t *testing.T) store.Store {
			db := localtest.DynamoDB(t)
			return must(dynamostore.New(db.Client, dynamostore.Config{Table: db.Table()}))(t)
		}},
		"around cookiestore": {carried: true, inner: func(t *testing.T) store.Store {
			return must(cookiestore.New(cookiestore.Config{Keys: keys("c")}))(t)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := newVisitor(t, serve(t, test.inner(t)))
			v.want("/visit", "1")
			v.want("/visit", "2")
			v.want("/sign-in", "")
			v.want("/visit", "3")
			if !test.carried {
				v.want("/devices", "1")
				var all sync.WaitGroup
				for range 10 {
					all.Go(func() {
						if status, _, err := v.get("/visit"); err != nil || status != http.StatusOK {
							t.Errorf("a parallel visit: %d, %v", status, err)
						}
					})
				}
				all.Wait()
				v.want("/read", "13")
			}
			v.want("/sign-out", "")
			v.want("/read", "0")
		})
	}
}

func TestASessionThatWasTamperedWithIsNoneAndEndsNoOther(t *testing.T) {
	t.Parallel()
	inner := memstore.New()
	saved := &keeping{Store: inner}
	site := serve(t, saved)
	victim, other := newVisitor(t, site), newVisitor(t, site)
	other.want("/visit", "1")
	victim.want("/visit", "1")
	set(t, inner, saved.last, "visits", []byte("1000000"))

	victim.want("/read", "0")
	victim.want("/visit", "1") // of a new session
	other.want("/visit", "2")
}

// keeping remembers the key it saved last.
type keeping struct {
	store.Store
	last store.Key
}

func (k *keeping) Save(ctx context.Context, r store.Record) (store.Key, error) {
	key, err := k.Store.Save(ctx, r)
	k.last = key
	return key, err
}
