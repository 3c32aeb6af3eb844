package permissions

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// Recorder takes down which actions, as policies call them, clients ask for. It is
// safe for concurrent use.
type Recorder struct {
	function string

	mu    sync.Mutex
	asked map[string]bool // guarded by mu
}

// Of returns a recorder for a function, by its name in the template.
func Of(function string) *Recorder {
	return &Recorder{function: function, asked: map[string]bool{}}
}

// Client returns a client that does what the given one does, and is recorded.
func (r *Recorder) Client(client *dynamodb.Client) *dynamodb.Client {
	options := client.Options()
	options.HTTPClient = recording{r, options.HTTPClient}
	return dynamodb.New(options)
}

// Check ends the program of a test: with the code that it is given, unless that is
// success and the function asked for what its role does not allow, or, when all
// tests have run, did not ask for all that it does. It is for goleak.Cleanup. The
// template is at path.
func (r *Recorder) Check(template string) func(code int) {
	return func(code int) {
		if code == 0 {
			if err := r.compare(template); err != nil {
				fmt.Fprintln(os.Stderr, err)
				code = 1
			}
		}
		os.Exit(code)
	}
}

func (r *Recorder) compare(template string) error {
	text, err := os.ReadFile(template) //nolint:gosec // the path is the test's own
	if err != nil {
		return err
	}
	allowed, err := actions(string(text), r.function)
	if err != nil {
		return fmt.Errorf("%s: %w", template, err)
	}
	r.mu.Lock()
	asked := slices.Sorted(maps.Keys(r.asked))
	r.mu.Unlock()
	for _, action := range asked {
		if !slices.Contains(allowed, action) {
			return fmt.Errorf("%s asks for %s, which its role in %s does not allow", r.function, action, template)
		}
	}
	if all() && !slices.Equal(asked, allowed) {
		return fmt.Errorf("all its tests have %s ask for %v, and its role in %s allows %v", r.function, asked, template, allowed)
	}
	return nil
}

// all reports whether every test of the package ran, and not some, or none.
func all() bool {
	for _, name := range []string{"test.run", "test.skip", "test.list"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" {
			return false
		}
	}
	return true
}

// actions are those on DynamoDB that the template allows a function, sorted.
func actions(template, function string) ([]string, error) {
	_, resource, found := strings.Cut(template, "\n  "+function+":\n")
	if !found {
		return nil, fmt.Errorf("there is no resource %s", function)
	}
	if next := regexp.MustCompile(`(?m)^ {0,2}\w`).FindStringIndex(resource); next != nil {
		resource = resource[:next[0]]
	}
	var allowed []string
	for _, action := range regexp.MustCompile(`(?m)^ +- dynamodb:(\S+)$`).FindAllStringSubmatch(resource, -1) {
		allowed = append(allowed, action[1])
	}
	slices.Sort(allowed)
	return allowed, nil
}

// recording is a client's way to DynamoDB.
type recording struct {
	to   *Recorder
	next dynamodb.HTTPClient
}

func (r recording) Do(request *http.Request) (*http.Response, error) {
	_, operation, _ := strings.Cut(request.Header.Get("X-Amz-Target"), ".")
	asked := []string{operation}
	if operation == "TransactWriteItems" {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return nil, err
		}
		request.Body = io.NopCloser(bytes.NewReader(body))
		if asked, err = inTransaction(body); err != nil {
			return nil, err
		}
	}
	r.to.mu.Lock()
	for _, action := range asked {
		r.to.asked[action] = true
	}
	r.to.mu.Unlock()
	return r.next.Do(request)
}

// inTransaction are the actions in a transaction. It needs their permissions, and
// none of its own.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
func inTransaction(body []byte) ([]string, error) {
	var transaction struct {
		TransactItems []map[string]json.RawMessage
	}
	if err := json.Unmarshal(body, &transaction); err != nil {
		return nil, err
	}
	names := map[string]string{"ConditionCheck": "ConditionCheckItem", "Delete": "DeleteItem", "Put": "PutItem", "Update": "UpdateItem"}
	var asked []string
	for _, item := range transaction.TransactItems {
		for kind := range item {
			asked = append(asked, names[kind])
		}
	}
	return asked, nil
}
