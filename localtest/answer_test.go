package localtest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// answerTest is an answer of a function and the reply to the client.
type answerTest struct {
	name, payload string
	status        int
	body          string
	header        http.Header // beside Content-Length and what the service adds; nil: a type of JSON
}

func testAnswers(t *testing.T, shape localtest.Shape, tests []answerTest) {
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(localtest.Gateway(shape, answering(test.payload)))
			t.Cleanup(server.Close)
			response, body := fetch(t, server, get("/", nil))
			if test.header == nil {
				test.header = http.Header{"Content-Type": {"application/json"}}
			}
			for _, name := range []string{"Apigw-Requestid", "Content-Length", "Date", "Server", "X-Amz-Apigw-Id", "X-Amzn-Requestid"} {
				response.Header.Del(name)
			}
			if response.StatusCode != test.status || body != test.body {
				t.Errorf("status %d, body %q; want %d, %q", response.StatusCode, body, test.status, test.body)
			}
			if response.ContentLength != int64(len(test.body)) && response.ContentLength != -1 {
				t.Errorf("length %d, want %d", response.ContentLength, len(test.body))
			}
			if diff := cmp.Diff(test.header, response.Header); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
		})
	}
}

// fetch sends r to the server and reads the whole response.
func fetch(t *testing.T, server *httptest.Server, r *http.Request) (*http.Response, string) {
	t.Helper()
	url := server.URL + r.URL.RequestURI()
	sent, err := http.NewRequestWithContext(t.Context(), r.Method, url, r.Body)
	if err != nil {
		t.Fatal(err)
	}
	sent.Header = r.Header
	response, err := server.Client().Do(sent)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}
