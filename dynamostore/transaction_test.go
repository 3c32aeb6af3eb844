package dynamostore_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/store"
)

func TestATransactionThatIsSentAgainIsTheSameByteForByte(t *testing.T) {
	t.Parallel()
	values := map[string][]byte{}
	for i := range 50 { // the SDK would write them in another order every time
		values[fmt.Sprintf("field %d", i)] = []byte("value")
	}
	r := signedIn("ada", "d1")
	r.Values = values
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(n int, r *http.Request) (*http.Response, error) {
			if n%5 < 4 {
				return passing()[3].answer(r)
			}
			return ok("{}")
		}}
		st := onWire(t, w)
		save(t, st, r)
		save(t, st, r)
		sent := w.requests()
		if len(sent) != 10 {
			t.Fatalf("%d requests, want 10", len(sent))
		}
		for i, body := range sent {
			if first := i / 5 * 5; !bytes.Equal(body, sent[first]) {
				t.Errorf("request %d is not that of attempt %d", i, first)
			}
		}
		if a, b := token(t, sent[0]), token(t, sent[5]); a == "" || b == "" || a == b {
			t.Errorf("two sign-ins have the tokens %q and %q", a, b)
		}
	})
}

// token returns the ClientRequestToken of a transaction.
func token(t *testing.T, body []byte) string {
	t.Helper()
	var in struct{ ClientRequestToken string }
	if err := json.Unmarshal(body, &in); err != nil {
		t.Fatal(err)
	}
	return in.ClientRequestToken
}

func TestATransactionHasItsTokenWhateverTheClient(t *testing.T) {
	t.Parallel()
	var tokens []string
	client := intercept(nil, func(r request) (any, error) {
		token := r.in.(*dynamodb.TransactWriteItemsInput).ClientRequestToken
		if token == nil || len(*token) > 36 {
			t.Fatalf("token %v, want one of at most 36 characters", token)
		}
		tokens = append(tokens, *token)
		if r.n == 0 {
			return nil, errLost
		}
		return &dynamodb.TransactWriteItemsOutput{}, nil
	})
	save(t, newStore(t, client, dynamostore.Config{Table: "sessions"}), signedIn("ada", "d1"))
	if len(tokens) != 2 || tokens[0] != tokens[1] {
		t.Errorf("tokens %q, want the same twice", tokens)
	}
}

// D8. DynamoDB forgets a token after ten minutes; the revision stays.
func TestATransactionThatFindsItsOwnRevisionWasApplied(t *testing.T) {
	t.Parallel()
	r := signedIn("ada", "d1")
	for name, run := range map[string]func(*dynamostore.Store) error{
		"Save": func(st *dynamostore.Store) error {
			_, err := st.Save(t.Context(), r)
			return err
		},
		"Rotate": func(st *dynamostore.Store) error {
			_, err := st.Rotate(t.Context(), store.NewKey(), r, r)
			return err
		},
		"Revoke": func(st *dynamostore.Store) error { return st.Revoke(t.Context(), "ada", "d1") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := intercept(nil, func(q request) (any, error) {
				in, ok := q.in.(*dynamodb.TransactWriteItemsInput)
				if !ok {
					return &dynamodb.GetItemOutput{Item: item{"sk": s("d#d1"), "session": s(store.NewKey().Digest())}}, nil
				}
				if q.n == 0 {
					return nil, errLost
				}
				applied := item{"rev": s(*in.ClientRequestToken), "ended": after(0)}
				return nil, &types.TransactionCanceledException{CancellationReasons: []types.CancellationReason{
					{Code: aws.String("ConditionalCheckFailed"), Item: applied}, {Code: aws.String("ConditionalCheckFailed")},
				}}
			})
			if err := run(newStore(t, client, dynamostore.Config{Table: "sessions"})); err != nil {
				t.Error(err)
			}
			if got := client.count("TransactWriteItems"); got != 2 {
				t.Errorf("%d transactions, want 2", got)
			}
		})
	}
}
