package deploy

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// recorder stands between a function and the cloud, and takes down which actions,
// as policies call them, the function asks for. What goes through is not changed:
// it is signed.
type recorder struct {
	*httptest.Server

	mu    sync.Mutex
	asked map[string]int // how often; guarded by mu
}

func startRecorder(t *testing.T, endpoint string) *recorder {
	t.Helper()
	upstream, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	onward := &httputil.ReverseProxy{
		Transport: transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = upstream.Scheme, upstream.Host // the Host header stays
		},
	}
	r := &recorder{asked: map[string]int{}}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		request.Body = io.NopCloser(bytes.NewReader(body))
		r.record(request.Header.Get("X-Amz-Target"), body)
		onward.ServeHTTP(w, request)
	}))
	t.Cleanup(func() {
		r.Close()
		transport.CloseIdleConnections()
	})
	return r
}

// record notes what a request asks for, such as DynamoDB_20120810.GetItem.
func (r *recorder) record(target string, body []byte) {
	service, operation, _ := strings.Cut(target, ".")
	service, _, _ = strings.Cut(strings.ToLower(service), "_")
	actions := []string{operation}
	if operation == "TransactWriteItems" {
		actions = inTransaction(body)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, action := range actions {
		r.asked[service+":"+action]++
	}
}

// inTransaction are the actions of a transaction, which needs no permission beside
// theirs.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
func inTransaction(body []byte) []string {
	var transaction struct{ TransactItems []map[string]any }
	if err := json.Unmarshal(body, &transaction); err != nil {
		return []string{"a transaction that is no JSON: " + err.Error()}
	}
	names := map[string]string{
		"ConditionCheck": "ConditionCheckItem", "Delete": "DeleteItem", "Put": "PutItem", "Update": "UpdateItem",
	}
	var actions []string
	for _, item := range transaction.TransactItems {
		for kind := range item {
			actions = append(actions, names[kind])
		}
	}
	return actions
}

// count is how often an action was asked for.
func (r *recorder) count(action string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.asked[action]
}

// actions are all that was asked for, sorted.
func (r *recorder) actions() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Sorted(maps.Keys(r.asked))
}
