package dynamostore_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// A wire is what the SDK's client has for a network: every request is answered
// by answer, n being how many came before.
type wire struct {
	answer func(n int, r *http.Request) (*http.Response, error)

	mu     sync.Mutex
	bodies [][]byte // of the requests so far, guarded by mu
}

func (w *wire) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	n := len(w.bodies)
	w.bodies = append(w.bodies, body)
	w.mu.Unlock()
	return w.answer(n, r)
}

// requests returns the bodies of all requests so far.
func (w *wire) requests() [][]byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.bodies
}

// client is the SDK's client on the wire, with the retries it has by default.
func (w *wire) client() *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{
		Region:       "eu-west-1",
		BaseEndpoint: aws.String("http://dynamodb.test"),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "id", SecretAccessKey: "secret"}, nil
		}),
		HTTPClient: w,
	})
}

// A fault is what a request may meet instead of its answer.
type fault struct {
	name   string
	answer func(*http.Request) (*http.Response, error)
}

func response(status int, body io.Reader) *http.Response {
	return &http.Response{
		StatusCode: status,
		Header:     http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body:       io.NopCloser(body),
	}
}

// ok is an answer with the JSON given.
func ok(body string) (*http.Response, error) {
	return response(http.StatusOK, strings.NewReader(body)), nil
}

// answers makes a fault of an HTTP answer.
func answers(name string, status int, body string) fault {
	return fault{name, func(*http.Request) (*http.Response, error) {
		return response(status, strings.NewReader(body)), nil
	}}
}

// refuses makes a fault of DynamoDB's own error.
func refuses(code, message string) fault {
	return answers(code, http.StatusBadRequest,
		fmt.Sprintf(`{"__type": "com.amazonaws.dynamodb.v20120810#%s", "message": %q}`, code, message))
}

// cancels makes a fault of a transaction that was cancelled for one reason.
func cancels(reason, message string) fault {
	return answers("TransactionCanceledException for "+reason, http.StatusBadRequest, fmt.Sprintf(
		`{"__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException", "Message": "Transaction cancelled",
		"CancellationReasons": [{"Code": %q, "Message": %q}, {"Code": "None"}]}`, reason, message))
}

// storedSession is the JSON of a live session's item, with one field f.
func storedSession(subject, value string) string {
	return fmt.Sprintf(`{"v": {"N": "1"}, "rev": {"S": "another's"}, "subject": {"S": %q}, "device": {"S": "d1"},
		"created": {"N": "%d"}, "ends": {"N": "%[3]d"}, "expires": {"N": "%[3]d"}, "data": {"M": {"f": {"S": %[4]q}}}}`,
		subject, beginning.Unix(), beginning.Unix()+7200, value)
}

// finds makes a fault of a condition that fails on the item.
func finds(name, item string) fault {
	return answers(name, http.StatusBadRequest, `{"__type": "ConditionalCheckFailedException", "Item": `+item+`}`)
}

// findsInTransaction makes a fault of a transaction whose first condition
// fails on the item.
func findsInTransaction(name, item string) fault {
	return answers(name, http.StatusBadRequest, `{"__type": "TransactionCanceledException",
		"CancellationReasons": [{"Code": "ConditionalCheckFailed", "Item": `+item+`}]}`)
}

// unknownOutcomes are faults after which a write may have been applied.
func unknownOutcomes() []fault {
	return []fault{
		answers("an internal server error", http.StatusInternalServerError,
			`{"__type": "com.amazonaws.dynamodb.v20120810#InternalServerError", "message": "could not"}`),
		answers("a gateway's error page", http.StatusBadGateway, "<html>"),
		answers("service unavailable", http.StatusServiceUnavailable, ""),
		answers("an answer that is cut off", http.StatusOK, `{"Item": {"pk"`),
		{"a connection that breaks", func(*http.Request) (*http.Response, error) {
			return nil, errors.New("connection reset by peer")
		}},
		{"an answer that breaks", func(*http.Request) (*http.Response, error) {
			return response(http.StatusOK, io.MultiReader(strings.NewReader("{"), &broken{})), nil
		}},
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// passing are faults by which DynamoDB asks to try again.
func passing() []fault {
	return []fault{
		refuses("ThrottlingException", "slow down"),
		refuses("ProvisionedThroughputExceededException", "slow down"),
		refuses("RequestLimitExceeded", "slow down"),
		refuses("TransactionConflictException", "conflict"),
		refuses("TransactionInProgressException", "in progress"),
		cancels("TransactionConflict", "conflict"),
		cancels("ThrottlingError", "slow down"),
		cancels("ProvisionedThroughputExceeded", "slow down"),
	}
}

// hangs is a fault that gives no answer at all.
func hangs(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// trickles is a fault that gives one byte at a time, without end.
func trickles(r *http.Request) (*http.Response, error) {
	return response(http.StatusOK, &trickle{ctx: r.Context()}), nil
}

type trickle struct{ ctx context.Context }

func (t *trickle) Read(p []byte) (int, error) {
	select {
	case <-time.After(100 * time.Millisecond):
		p[0] = ' '
		return 1, nil
	case <-t.ctx.Done():
		return 0, t.ctx.Err()
	}
}
