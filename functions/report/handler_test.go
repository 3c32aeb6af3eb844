package main

import (
	"encoding/csv"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"go.uber.org/goleak"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/functions/internal/permissions"
	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// asked is what all tests have the function ask of DynamoDB.
var asked = permissions.Of("ReportFunction")

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(asked.Check("../../template.yaml")))
}

// visitor calls the function as a browser would.
type visitor struct {
	t        *testing.T
	at       string
	client   *http.Client
	sessions *lambdasession.Manager // as another function has them
	meter    *localtest.Meter
}

func visit(t *testing.T) visitor {
	t.Helper()
	db := localtest.DynamoDB(t)
	table := db.Table()
	sessions := managed(t, asked.Client(db.Client), table)
	server := localtest.Serve(t, localtest.FunctionURLStreaming, lambdasession.Wrap(sessions, handle))
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := server.Client()
	client.Jar = jar
	db.Meter().Reset()
	return visitor{t, server.URL, client, managed(t, db.Client, table), db.Meter()}
}

func managed(t *testing.T, client *dynamodb.Client, table string) *lambdasession.Manager {
	t.Helper()
	kept, err := dynamostore.New(client, dynamostore.Config{Table: table})
	if err != nil {
		t.Fatal(err)
	}
	sessions, err := lambdasession.New(lambdasession.Config{Store: kept})
	if err != nil {
		t.Fatal(err)
	}
	return sessions
}

func (v visitor) read(r *http.Response, err error) (*http.Response, string) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return r, string(body)
}

func (v visitor) get(path string) (*http.Response, string) {
	v.t.Helper()
	return v.read(v.client.Get(v.at + path)) //nolint:bodyclose // read closes it
}

func (v visitor) post(path string, form url.Values) (*http.Response, string) {
	v.t.Helper()
	return v.read(v.client.PostForm(v.at+path, form)) //nolint:bodyclose // read closes it
}

func (v visitor) signIn() (*http.Response, string) {
	v.t.Helper()
	return v.post("/signin", url.Values{"name": {"ada"}, "password": {"analytical-engine"}})
}

func TestTheOrdersAreForWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	v := visit(t)
	if r, body := v.get("/orders.csv"); r.StatusCode != http.StatusUnauthorized || !strings.Contains(body, "Please sign in") {
		t.Errorf("a stranger gets %d %s", r.StatusCode, body)
	}
	if calls := v.meter.Usage().Calls; calls != 0 {
		t.Errorf("a stranger costs %d calls of DynamoDB", calls)
	}

	if _, body := v.signIn(); !strings.Contains(body, "You are Ada Demo. Fetched from here: <output>0</output>") {
		t.Errorf("after signing in: %s", body)
	}
	r, body := v.get("/orders.csv?rows=100000")
	if got := r.Header.Get("Content-Type"); r.StatusCode != http.StatusOK || got != "text/csv; charset=utf-8" {
		t.Fatalf("the orders: %d %s", r.StatusCode, got)
	}
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || len(rows) != 1+100_000 {
		t.Errorf("%d rows and the error %v", len(rows), err)
	}
	if _, body := v.get("/"); !strings.Contains(body, "<output>1</output>") {
		t.Errorf("the download was not counted: %s", body)
	}

	v.post("/signout", nil)
	if r, _ := v.get("/orders.csv"); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("after signing out: %d", r.StatusCode)
	}
}

func TestSignedOutElsewhereIsSignedOutHere(t *testing.T) {
	t.Parallel()
	v := visit(t)
	v.signIn()
	devices, err := v.sessions.Sessions(t.Context(), "ada")
	if err != nil || len(devices) != 1 || !strings.HasPrefix(devices[0].Label, "Orders, ") {
		t.Fatalf("ada's devices: %v, %v", devices, err)
	}
	if err := v.sessions.RevokeAll(t.Context(), "ada"); err != nil {
		t.Fatal(err)
	}
	if r, _ := v.get("/orders.csv"); r.StatusCode == http.StatusOK {
		t.Errorf("the orders are still there: %d", r.StatusCode)
	}
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	t.Parallel()
	v := visit(t)
	v.signIn()
	for path, status := range map[string]int{
		"/orders.csv?rows=0": 422, "/orders.csv?rows=1000001": 422, "/orders.csv?rows=all": 422, "/nowhere": 404,
	} {
		if r, body := v.get(path); r.StatusCode != status || !strings.Contains(body, `role="alert"`) {
			t.Errorf("%s: %d %s", path, r.StatusCode, body)
		}
	}
	if r, body := v.post("/signin", url.Values{"name": {"ada"}, "password": {"wrong"}}); r.StatusCode != 422 || !strings.Contains(body, "do not go together") {
		t.Errorf("a wrong password: %d %s", r.StatusCode, body)
	}
}

func TestAPageIsKeptByNobodyAndItsStyleForAWhile(t *testing.T) {
	t.Parallel()
	v := visit(t)
	v.signIn()
	v.meter.Reset()
	r, _ := v.get("/style.css")
	if got := r.Header.Get("Cache-Control"); r.Header.Get("Content-Type") != "text/css; charset=utf-8" || got != "max-age=3600" {
		t.Errorf("the style is a %s, Cache-Control: %s", r.Header.Get("Content-Type"), got)
	}
	if calls := v.meter.Usage().Calls; calls != 0 {
		t.Errorf("the style costs %d calls of DynamoDB", calls)
	}
	if r, _ := v.get("/"); r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the page has Cache-Control: %s", r.Header.Get("Cache-Control"))
	}
}

func TestOrdersAreMadeWhileTheyAreRead(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	read := func(user string, buffer int) string {
		var all strings.Builder
		if _, err := io.CopyBuffer(struct{ io.Writer }{&all}, struct{ io.Reader }{newOrders(user, 50, at)}, make([]byte, buffer)); err != nil {
			t.Fatal(err)
		}
		return all.String()
	}
	if whole, bytewise := read("ada", 1<<20), read("ada", 1); whole != bytewise {
		t.Error("the orders depend on how they are read")
	}
	if read("ada", 512) == read("grace", 512) {
		t.Error("everybody has the same orders")
	}
}
