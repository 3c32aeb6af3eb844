package dynamostore_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// newTable makes a table with the keys given, each a name and a type, such as
// "pk S".
func newTable(t *testing.T, db *localtest.DB, keys ...string) string {
	t.Helper()
	in := &dynamodb.CreateTableInput{
		TableName:   aws.String("sessions-" + rand.Text()),
		BillingMode: types.BillingModePayPerRequest,
	}
	for i, k := range keys {
		name, typ, _ := strings.Cut(k, " ")
		in.AttributeDefinitions = append(in.AttributeDefinitions, types.AttributeDefinition{
			AttributeName: &name, AttributeType: types.ScalarAttributeType(typ),
		})
		in.KeySchema = append(in.KeySchema, types.KeySchemaElement{
			AttributeName: &name, KeyType: []types.KeyType{types.KeyTypeHash, types.KeyTypeRange}[i],
		})
	}
	if _, err := db.Client.CreateTable(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	return *in.TableName
}

func enableTTL(t *testing.T, db *localtest.DB, table, attribute string) {
	t.Helper()
	_, err := db.Client.UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{
		TableName: &table,
		TimeToLiveSpecification: &types.TimeToLiveSpecification{
			AttributeName: &attribute, Enabled: aws.Bool(true),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		keys []string
		ttl  string // the attribute it is on; empty if it is off
		cfg  dynamostore.Config
		want []string
	}{
		{name: "the default table is right", keys: []string{"pk S", "sk S"}, ttl: "expires"},
		{
			name: "other names are right if they are set", keys: []string{"PK S", "SK S"}, ttl: "ttl",
			cfg: dynamostore.Config{PartitionKey: "PK", SortKey: "SK", TTLAttribute: "ttl"},
		},
		{
			name: "TTL is off", keys: []string{"pk S", "sk S"},
			want: []string{`has TTL off, and would keep what has expired forever: turn TTL on for the attribute "expires"`},
		},
		{
			name: "TTL is on another attribute", keys: []string{"pk S", "sk S"}, ttl: "ttl",
			want: []string{`has TTL on the attribute "ttl", not "expires": set Config.TTLAttribute to "ttl"`},
		},
		{
			name: "there is no sort key", keys: []string{"pk S"}, ttl: "expires",
			want: []string{`has no sort key: make a table with the sort key "sk" (a string)`},
		},
		{
			name: "everything is wrong", keys: []string{"id N", "range B"},
			want: []string{
				`has the partition key "id", not "pk": set Config.PartitionKey to "id"`,
				"has a partition key of type N: make a table where it is S",
				`has the sort key "range", not "sk": set Config.SortKey to "range"`,
				"has a sort key of type B: make a table where it is S",
				"has TTL off",
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := localtest.DynamoDB(t)
			c.cfg.Table = newTable(t, db, c.keys...)
			if c.ttl != "" {
				enableTTL(t, db, c.cfg.Table, c.ttl)
			}
			st := newStore(t, db.Client, c.cfg)
			err := st.Check(t.Context())
			if len(c.want) > 0 {
				wantProblems(t, err, c.want...)
			} else if err != nil {
				t.Error(err)
			}

			// Somebody else's table is nobody's to change.
			if again := st.CreateTable(t.Context()); (again == nil) != (err == nil) || again != nil && again.Error() != err.Error() {
				t.Errorf("CreateTable on it gives %v, want what Check gives", again)
			}
		})
	}
}

func TestCheckWithoutPermission(t *testing.T) {
	t.Parallel()
	w := &wire{answer: func(_ int, r *http.Request) (*http.Response, error) {
		return refuses("AccessDeniedException", "not authorized to perform "+r.Header.Get("X-Amz-Target")).answer(r)
	}}
	wantProblems(t, onWire(t, w).Check(t.Context()), "perform DynamoDB_20120810.DescribeTable", "perform DynamoDB_20120810.DescribeTimeToLive")
}

func TestCheckOfATableThatIsBeingDeleted(t *testing.T) {
	t.Parallel()
	w := &wire{answer: func(n int, _ *http.Request) (*http.Response, error) {
		if n == 0 {
			return ok(`{"Table": {"TableStatus": "DELETING",
				"AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"}],
				"KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]}}`)
		}
		return ok(`{"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLING", "AttributeName": "expires"}}`)
	}}
	wantProblems(t, onWire(t, w).Check(t.Context()), "is DELETING")
}

func TestCreateTable(t *testing.T) {
	t.Parallel()
	db := localtest.DynamoDB(t)
	cfg := dynamostore.Config{
		Table: "sessions-" + rand.Text(), PartitionKey: "PK", SortKey: "SK", TTLAttribute: "ttl",
	}
	st := newStore(t, db.Client, cfg)
	wantProblems(t, st.Check(t.Context()), "there is no such table: check Config.Table and the client's region and endpoint, or make it with CreateTable")
	for _, what := range []string{"making it", "making it again"} {
		if err := st.CreateTable(t.Context()); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := st.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if err := st.Warm(t.Context()); err != nil {
		t.Error(err)
	}
	load(t, st, save(t, st, record(nil)))
}

func TestAClientThatMakesNoTables(t *testing.T) {
	t.Parallel()
	st := newStore(t, intercept(nil, nil), dynamostore.Config{Table: "sessions"})
	for _, err := range []error{st.CreateTable(t.Context()), st.Check(t.Context())} {
		wantProblems(t, err, "give New a *dynamodb.Client")
	}
}

// An unsureClient makes tables, but loses the first answer of each kind.
type unsureClient struct {
	*dynamodb.Client
	made, enabled int
}

func (c *unsureClient) CreateTable(ctx context.Context, in *dynamodb.CreateTableInput, options ...func(*dynamodb.Options)) (*dynamodb.CreateTableOutput, error) {
	out, err := c.Client.CreateTable(ctx, in, options...)
	if c.made++; c.made == 1 && err == nil {
		return nil, errors.New("connection reset by peer")
	}
	return out, err
}

func (c *unsureClient) UpdateTimeToLive(ctx context.Context, in *dynamodb.UpdateTimeToLiveInput, options ...func(*dynamodb.Options)) (*dynamodb.UpdateTimeToLiveOutput, error) {
	out, err := c.Client.UpdateTimeToLive(ctx, in, options...)
	if c.enabled++; c.enabled == 1 && err == nil {
		return nil, errors.New("connection reset by peer")
	}
	return out, err
}

func TestCreateTableWhoseAnswersAreLost(t *testing.T) {
	t.Parallel()
	client := &unsureClient{Client: localtest.DynamoDB(t).Client}
	st := newStore(t, client, dynamostore.Config{Table: "unsure-" + rand.Text()})
	if err := st.CreateTable(t.Context()); err != nil {
		t.Fatalf("a table whose answers were lost is not right: %v", err)
	}
	if client.made != 2 || client.enabled != 2 {
		t.Errorf("asked %d times for the table and %d times for its TTL, want each sent again once", client.made, client.enabled)
	}
}
