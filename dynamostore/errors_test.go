package dynamostore_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/store"
)

// always is a client all of whose requests meet the fault.
func always(f fault) *dynamodb.Client {
	w := &wire{answer: func(_ int, r *http.Request) (*http.Response, error) { return f.answer(r) }}
	return w.client()
}

func TestAnErrorSaysWhereItWasAndWhatToDo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		client *dynamodb.Client
		want   []string
	}{
		{"no such table", always(refuses("ResourceNotFoundException", "not found")), []string{
			`table "sessions" in eu-west-1 at http://dynamodb.test`,
			"check Config.Table and the client's region and endpoint, or make it with CreateTable",
		}},
		{"no permission", always(refuses("AccessDeniedException", "is not authorized to perform: dynamodb:GetItem")), []string{
			"give the function's role the permission", "dynamodb:GetItem",
		}},
		{"credentials that are not accepted", always(refuses("UnrecognizedClientException", "The security token is invalid")), []string{
			"credentials are not accepted: check the function's role",
		}},
		{"no credentials", dynamodb.New((&wire{}).client().Options(), func(o *dynamodb.Options) {
			o.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{}, errors.New("no EC2 IMDS role found")
			})
		}), []string{"no credentials: give the function a role, or set AWS_PROFILE"}},
		{"no region", dynamodb.New((&wire{}).client().Options(), func(o *dynamodb.Options) {
			o.Region, o.BaseEndpoint = "", nil
		}), []string{"no region: set AWS_REGION"}},
		{"a region that does not exist", always(fault{answer: func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "dynamodb.eu-west-9.amazonaws.com", IsNotFound: true}}
		}}), []string{"cannot be reached: check the client's region and endpoint", "dynamodb.eu-west-9.amazonaws.com"}},
		{"throttling", always(refuses("ThrottlingException", "slow down")), []string{"throttled: check the table's limits"}},
		{"no answer", always(fault{answer: hangs}), []string{
			"no answer within Config.Timeout, 2s: check the client's region and endpoint, and in a VPC its way to DynamoDB",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, err := withDefaults(t, c.client).Load(t.Context(), store.NewKey())
				wantNoAnswer(t, err)
				for _, want := range append(c.want, `table "sessions"`) {
					if !strings.Contains(err.Error(), want) {
						t.Errorf("%q is not in: %v", want, err)
					}
				}
			})
		})
	}
}

func TestTheCallersOwnDeadlineIsNotBlamedOnDynamoDB(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := withDefaults(t, always(fault{answer: hangs})).Load(ctx, store.NewKey())
		if err == nil || !strings.Contains(err.Error(), "the caller's context ended") {
			t.Errorf("got %v", err)
		}
	})
}

func TestATableWithOtherKeysIsAnInvalidRequest(t *testing.T) {
	t.Parallel()
	db := localtest.DynamoDB(t)
	st := newStore(t, db.Client, dynamostore.Config{Table: db.Table(), PartitionKey: "id"})
	for name, run := range operations {
		err := run(t.Context(), st)
		if _, ok := errors.AsType[*store.InvalidError](err); !ok {
			t.Errorf("%s: got %v, want an *InvalidError", name, err)
		} else if !strings.Contains(err.Error(), "Check says whether it is the table's fault") {
			t.Errorf("%s does not point to Check: %v", name, err)
		}
	}
}
