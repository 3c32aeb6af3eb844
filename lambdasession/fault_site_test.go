package lambdasession_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// faultySite is a site on Lambda whose sessions are in a DynamoDB Local, with
// a fault proxy in between.
type faultySite struct {
	db     *localtest.DB
	faults *localtest.FaultProxy
	table  string
	now    func() time.Time
	pass   func(time.Duration)
	server *httptest.Server // of a host that has all the time it needs
}

func newFaultySite(t *testing.T) *faultySite {
	t.Helper()
	db := localtest.DynamoDB(t)
	s := &faultySite{db: db, faults: db.Faults(t), table: db.Table()}
	// Far enough in the future that DynamoDB Local's sweep finds nothing.
	s.now, s.pass = clockFrom(time.Date(2090, time.May, 4, 3, 2, 1, 0, time.UTC))
	s.server = s.host(t, siteHost{})
	return s
}

// siteHost is how one of the machines differs that a site runs on.
type siteHost struct {
	impatient     bool          // its store gives up soon
	pastTheFaults bool          // its client does not go through the proxy
	eventualReads bool          // as in dynamostore.Config
	logger        *slog.Logger  // its manager's; nil: none
	managerAhead  time.Duration // its manager's clock
	storeAhead    time.Duration // its store's clock
}

// host starts another machine for the site.
func (s *faultySite) host(t *testing.T, h siteHost) *httptest.Server {
	t.Helper()
	client, timeout := s.faults.Client, time.Minute // the machine may be busy
	if h.pastTheFaults {
		client = s.db.Client
	}
	if h.impatient {
		timeout = 300 * time.Millisecond
	}
	st, err := dynamostore.New(client, dynamostore.Config{
		Table: s.table, Timeout: timeout, EventualReads: h.eventualReads,
		Now:    func() time.Time { return s.now().Add(h.storeAhead) },
		Logger: slog.New(slog.DiscardHandler),
	})
	succeed(t, err)
	sessions := newSessions(t, lambdasession.Config{
		Store: st, Logger: h.logger, Now: func() time.Time { return s.now().Add(h.managerAhead) },
	})
	return localtest.Serve(t, localtest.HTTPAPI, lambdasession.Wrap(sessions, pages(sessions)))
}

const fromTheHandler = "a page of the handler: "

// pages is the site's handler.
func pages(sessions *lambdasession.Manager) func(context.Context, httpRequest) (httpResponse, error) {
	return func(ctx context.Context, e httpRequest) (out httpResponse, err error) {
		s := lambdasession.From(ctx)
		var body any
		page, name, _ := strings.Cut(strings.TrimPrefix(e.RawPath, "/"), "/")
		switch page {
		case "read":
			body, err = contents(s)
		case "set":
			err = pears.Set(s, 7)
		case "add":
			body, err = apples.Update(s, func(n int) (int, error) { return n + 1, nil })
		case "renew":
			err = s.Renew()
		case "sign-in":
			err = s.SetSubject(name, "a test")
		case "sign-out":
			err = s.Destroy()
		case "revoke-all":
			err = sessions.RevokeAll(ctx, name)
		case "devices":
			var devices []lambdasession.Device
			devices, err = sessions.Sessions(ctx, name)
			body = len(devices)
		}
		return httpResponse{
			StatusCode: http.StatusOK,
			Cookies:    []string{"theme=dark; Path=/"},
			Body:       fromTheHandler + fmt.Sprint(body),
		}, err
	}
}

// contents is what the session has, as text.
func contents(s *lambdasession.Session) (string, error) {
	subject, err := s.Subject()
	if err != nil {
		return "", err
	}
	a, err := apples.Get(s)
	if err != nil {
		return "", err
	}
	p, err := pears.Get(s)
	return fmt.Sprintf("%q with %d and %d", subject, a, p), err
}

const emptySession = `"" with 0 and 0`

// siteVisitor is a browser at the site.
type siteVisitor struct {
	t      *testing.T
	cookie string // the session's; empty: none
}

// siteAnswer is what a visitor gets.
type siteAnswer struct {
	Status int
	Body   string
	Cookie string // what it does to the session's cookie: noCookie, newCookie or expiredCookie
	Header http.Header
}

// ask visits a page and receives its cookie.
func (v *siteVisitor) ask(server *httptest.Server, path string) (siteAnswer, error) {
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, server.URL+path, nil)
	if err != nil {
		return siteAnswer{}, err
	}
	if v.cookie != "" {
		r.Header.Set("Cookie", cookieName+"="+v.cookie)
	}
	out, err := server.Client().Do(r)
	if err != nil {
		return siteAnswer{}, err
	}
	defer out.Body.Close()
	body, err := io.ReadAll(out.Body)
	if err != nil {
		return siteAnswer{}, err
	}
	got := siteAnswer{out.StatusCode, strings.TrimPrefix(string(body), fromTheHandler), noCookie, out.Header}
	for _, c := range out.Cookies() {
		switch {
		case c.Name != cookieName:
		case c.MaxAge < 0:
			got.Cookie, v.cookie = expiredCookie, ""
		default:
			got.Cookie, v.cookie = newCookie, c.Value
		}
	}
	return got, nil
}

// get is ask for a page that somebody answers.
func (v *siteVisitor) get(server *httptest.Server, path string) siteAnswer {
	v.t.Helper()
	got, err := v.ask(server, path)
	succeed(v.t, err)
	return got
}

// must visits a page that must come.
func (v *siteVisitor) must(server *httptest.Server, path string) siteAnswer {
	v.t.Helper()
	got := v.get(server, path)
	wantEqual(v.t, "status of "+path, http.StatusOK, got.Status)
	return got
}

// wantContents compares what the visitor's session has.
func (v *siteVisitor) wantContents(server *httptest.Server, want string) {
	v.t.Helper()
	wantEqual(v.t, "session", want, v.must(server, "/read").Body)
}

// wantUnavailable says that the whole answer of the handler was replaced.
func (a siteAnswer) wantUnavailable(t *testing.T) {
	t.Helper()
	wantEqual(t, "status", http.StatusServiceUnavailable, a.Status)
	wantEqual(t, "Content-Type", "application/problem+json", a.Header.Get("Content-Type"))
	wantEqual(t, "Retry-After", "1", a.Header.Get("Retry-After"))
	wantEqual(t, "Set-Cookie", []string(nil), a.Header["Set-Cookie"])
	if strings.Contains(a.Body, fromTheHandler) {
		t.Errorf("the handler's body goes out: %s", a.Body)
	}
}

// siteAction is a request and the visitor who makes it.
type siteAction struct {
	name    string
	visitor func(t *testing.T, s *faultySite, subject string) *siteVisitor
	path    string
	write   string // the operation of DynamoDB that it writes with, if it does
}

// actions are all that a request can do to its session: every operation on the
// store is among them.
var actions = []siteAction{
	{name: "a first change", visitor: aStranger, path: "/add", write: "PutItem"},
	{name: "a sign-in of a stranger", visitor: aStranger, path: "/sign-in/%s", write: "TransactWriteItems"},
	{name: "a read", visitor: aGuest, path: "/read"},
	{name: "a change without a read", visitor: aGuest, path: "/set", write: "UpdateItem"},
	{name: "a change after a read", visitor: aGuest, path: "/add", write: "UpdateItem"},
	{name: "a guest's renewal", visitor: aGuest, path: "/renew", write: "TransactWriteItems"},
	{name: "a guest's sign-in", visitor: aGuest, path: "/sign-in/%s", write: "TransactWriteItems"},
	{name: "a guest's sign-out", visitor: aGuest, path: "/sign-out", write: "UpdateItem"},
	{name: "a member's renewal", visitor: aMember, path: "/renew", write: "TransactWriteItems"},
	{name: "a member's sign-in", visitor: aMember, path: "/sign-in/%s", write: "TransactWriteItems"},
	{name: "a member's sign-out", visitor: aMember, path: "/sign-out", write: "UpdateItem"},
}

// subject is whom the action is about, if anybody, unless a test has another.
func (a siteAction) subject() string { return strings.ReplaceAll(a.name, " ", "-") }

func (a siteAction) pathFor(subject string) string { return strings.ReplaceAll(a.path, "%s", subject) }

// aStranger is a visitor without a session.
func aStranger(t *testing.T, _ *faultySite, _ string) *siteVisitor { return &siteVisitor{t: t} }

// aGuest is a visitor with a session that has one apple.
func aGuest(t *testing.T, s *faultySite, _ string) *siteVisitor {
	v := &siteVisitor{t: t}
	v.must(s.server, "/add")
	return v
}

// aMember is a guest who has signed in.
func aMember(t *testing.T, s *faultySite, subject string) *siteVisitor {
	v := aGuest(t, s, "")
	v.must(s.server, "/sign-in/"+subject)
	return v
}

// items are all items of the table, by their keys. The proxy is not asked.
func (s *faultySite) items(t *testing.T) map[string]map[string]types.AttributeValue {
	t.Helper()
	found := map[string]map[string]types.AttributeValue{}
	pages := dynamodb.NewScanPaginator(s.db.Client, &dynamodb.ScanInput{TableName: &s.table, ConsistentRead: aws.Bool(true)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		succeed(t, err)
		for _, item := range page.Items {
			found[stringOf(item["pk"])+" "+stringOf(item["sk"])] = item
		}
	}
	return found
}

func stringOf(v types.AttributeValue) string {
	s, _ := v.(*types.AttributeValueMemberS)
	if s == nil {
		return ""
	}
	return s.Value
}

// comparableItems lets go-cmp compare items.
var comparableItems = cmpopts.IgnoreUnexported(types.AttributeValueMemberS{}, types.AttributeValueMemberN{}, types.AttributeValueMemberM{}, types.AttributeValueMemberB{})

// liveIDs counts the live sessions of a subject.
func (s *faultySite) liveIDs(t *testing.T, subject string) int {
	t.Helper()
	n := 0
	for _, item := range s.items(t) {
		if item["data"] != nil && item["ended"] == nil && stringOf(item["subject"]) == subject {
			n++
		}
	}
	return n
}
