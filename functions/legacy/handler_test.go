package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/functions/internal/permissions"
	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// asked is what all tests have the function ask of DynamoDB.
var asked = permissions.Of("LegacyFunction")

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(asked.Check("../../template.yaml")))
}

// visitor calls the function as a browser would.
type visitor struct {
	t      *testing.T
	at     string
	client *http.Client
}

func visit(t *testing.T) visitor {
	t.Helper()
	db := localtest.DynamoDB(t)
	kept, err := dynamostore.New(asked.Client(db.Client), dynamostore.Config{Table: db.Table()})
	if err != nil {
		t.Fatal(err)
	}
	sessions, err := lambdasession.New(lambdasession.Config{Store: kept})
	if err != nil {
		t.Fatal(err)
	}
	server := localtest.Serve(t, localtest.REST, lambdasession.Wrap(sessions, handle))
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := server.Client()
	client.Jar = jar
	return visitor{t, server.URL + "/legacy/preferences", client}
}

func (v visitor) do(method, form string, header http.Header) (*http.Response, string) {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.at, strings.NewReader(form))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header = header
	response, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return response, string(body)
}

var formType = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}

func TestPreferencesStay(t *testing.T) {
	t.Parallel()
	v := visit(t)
	if _, body := v.do(http.MethodGet, "", http.Header{}); body != `{"language":"en","currency":"EUR"}` {
		t.Errorf("at first: %s", body)
	}

	r, body := v.do(http.MethodPost, "language=de", formType)
	if body != `{"language":"de"}` {
		t.Errorf("after choosing a language: %s", body)
	}
	var names []string
	for _, c := range r.Cookies() {
		names = append(names, c.Name)
	}
	slices.Sort(names)
	if diff := cmp.Diff([]string{"__Host-session", "currency", "language"}, names); diff != "" {
		t.Errorf("the cookies (-want +got):\n%s", diff)
	}

	v.do(http.MethodPost, "currency=CHF", formType)
	if _, body := v.do(http.MethodGet, "", http.Header{}); body != `{"language":"de","currency":"CHF"}` {
		t.Errorf("in the end: %s", body)
	}
}

func TestEveryAcceptLanguageHeaderCounts(t *testing.T) {
	t.Parallel()
	v := visit(t)
	_, body := v.do(http.MethodGet, "", http.Header{"Accept-Language": {"nl", "it;q=0.9, fr-CH;q=0.8"}})
	if body != `{"language":"fr","currency":"EUR"}` {
		t.Errorf("got %s", body)
	}
}

func TestWhatCannotBeChosenIsRefused(t *testing.T) {
	t.Parallel()
	v := visit(t)
	for _, c := range []struct {
		method, form string
		status       int
		says         string
	}{
		{http.MethodPost, "language=tlh", 422, "en, de, fr"},
		{http.MethodPost, "language=de&currency=DOGE", 422, "EUR, CHF, GBP"},
		{http.MethodPost, "language=%zz", 400, "one piece"},
		{http.MethodDelete, "", 405, "GET or POST"},
	} {
		r, body := v.do(c.method, c.form, formType)
		if r.StatusCode != c.status || !strings.Contains(body, c.says) || len(r.Cookies()) != 0 {
			t.Errorf("%s %s: %d %s with %d cookies, want %d", c.method, c.form, r.StatusCode, body, len(r.Cookies()), c.status)
		}
	}
	if _, body := v.do(http.MethodGet, "", http.Header{}); body != `{"language":"en","currency":"EUR"}` {
		t.Errorf("after all that: %s", body)
	}
}
