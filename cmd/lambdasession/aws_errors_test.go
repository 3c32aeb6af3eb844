package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/store"
)

// tableOf is a table as the command has it, by the client of a test.
func tableOf(t *testing.T, client *dynamodb.Client, config dynamostore.Config) *sessionsTable {
	t.Helper()
	st, err := dynamostore.New(client, config)
	if err != nil {
		t.Fatal(err)
	}
	return &sessionsTable{st, config.Table, "table " + config.Table + " here"}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	db := localtest.DynamoDB(t)
	name := db.Table()
	id := store.NewKey().Digest()
	for _, c := range []struct {
		name  string
		fault localtest.Fault
		want  string
	}{
		{
			"a table that there is not, with the command that makes it",
			localtest.Fault{Kind: localtest.NoSuchTable},
			"there is no table " + name + " here: look at --table, --region and --endpoint-url, or make it: lambdasession table create --table " + name,
		},
		{
			"a permission that is missing",
			localtest.Fault{Kind: localtest.AccessDenied},
			"these credentials need the permission dynamodb:GetItem",
		},
		{
			"no answer",
			localtest.Fault{Kind: localtest.BlackHole},
			"no answer for table " + name + " here within 5s: look at --region, --endpoint-url and the network",
		},
		{
			"a connection that breaks",
			localtest.Fault{Kind: localtest.ConnectionReset},
			"nothing answers for table " + name + " here: look at --region",
		},
		{
			"throttling, in the words of the store",
			localtest.Fault{Kind: localtest.Throttling},
			"throttled: check the table's limits and alarms",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			faults := db.Faults(t)
			faults.Inject(c.fault)
			table := tableOf(t, faults.Client, dynamostore.Config{Table: name, Timeout: time.Second})
			_, err := table.Inspect(t.Context(), id)
			if got := errorText(table.explain(t.Context(), err)); !strings.Contains(got, c.want) || strings.HasPrefix(got, "dynamostore") {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}

	t.Run("a table of another shape, with the command that tells what is wrong with it", func(t *testing.T) {
		t.Parallel()
		table := tableOf(t, db.Client, dynamostore.Config{Table: name, PartitionKey: "other"})
		_, err := table.Inspect(t.Context(), id)
		if got := errorText(table.explain(t.Context(), err)); !strings.Contains(got, "refuses: lambdasession table check says what is wrong") {
			t.Errorf("got %s", got)
		}
	})

	t.Run("credentials that are not accepted", func(t *testing.T) {
		t.Parallel()
		// DynamoDB Local accepts any, but no access key like this one.
		client := dynamodb.New(db.Client.Options(), func(o *dynamodb.Options) {
			o.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{AccessKeyID: "not-a-key", SecretAccessKey: "secret"}, nil
			})
		})
		table := tableOf(t, client, dynamostore.Config{Table: name})
		_, err := table.Inspect(t.Context(), id)
		if got := errorText(table.explain(t.Context(), err)); !strings.Contains(got, "are not accepted for table "+name) {
			t.Errorf("got %s", got)
		}
	})

	t.Run("Ctrl-C is no fault of the table", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		table := tableOf(t, db.Client, dynamostore.Config{Table: name})
		_, err := table.Inspect(ctx, id)
		if got := errorText(table.explain(ctx, err)); got != "interrupted" {
			t.Errorf("got %s", got)
		}
	})
}

func TestActionOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, message, want string }{
		{
			"of a transaction, what DynamoDB says: it is that of a part",
			"User: arn:aws:iam::123456789012:user/ada is not authorized to perform: dynamodb:DeleteItem on resource: sessions",
			"dynamodb:DeleteItem",
		},
		{"otherwise the request itself", "Access denied", "dynamodb:TransactWriteItems"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			api := &smithy.GenericAPIError{Code: "AccessDeniedException", Message: c.message}
			err := &smithy.OperationError{ServiceID: "DynamoDB", OperationName: "TransactWriteItems", Err: api}
			if got := actionOf(err, api); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
