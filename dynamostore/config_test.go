package dynamostore_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/lambdasession/lambdasession-go/dynamostore"
)

func TestNewTellsWhatToWriteInstead(t *testing.T) {
	t.Parallel()
	client := dynamodb.New(dynamodb.Options{Region: "eu-west-1"})
	for _, c := range []struct {
		name   string
		client dynamostore.Client
		cfg    dynamostore.Config
		want   []string // one for each line of the error
	}{
		{"a table is enough", client, dynamostore.Config{Table: "sessions"}, nil},
		{"an ARN is a table", client, dynamostore.Config{Table: "arn:aws:dynamodb:eu-west-1:123456789012:table/sessions"}, nil},
		{"names and a prefix of one's own", client, dynamostore.Config{
			Table: "shop", PartitionKey: "PK", SortKey: "SK", TTLAttribute: "ttl", KeyPrefix: "session/",
		}, nil},
		{"no client", nil, dynamostore.Config{Table: "sessions"}, []string{"pass a *dynamodb.Client"}},
		{"no table", client, dynamostore.Config{}, []string{"Config.Table is empty: set it"}},
		{"a table's name with a blank", client, dynamostore.Config{Table: "my sessions"}, []string{`Config.Table "my sessions"`}},
		{"a table's name that is too short", client, dynamostore.Config{Table: "s"}, []string{`Config.Table "s"`}},
		{"one name for two keys", client, dynamostore.Config{Table: "sessions", PartitionKey: "id", SortKey: "id"}, []string{
			`Config.SortKey "id" is Config.PartitionKey too: use another name`,
		}},
		{"a key's name that items use otherwise", client, dynamostore.Config{Table: "sessions", SortKey: "data"}, []string{
			`Config.SortKey "data" is an attribute of the store's own items`,
		}},
		{"a name that is too long", client, dynamostore.Config{Table: "sessions", TTLAttribute: strings.Repeat("x", 256)}, []string{
			"Config.TTLAttribute is no attribute's name: use at most 255 bytes",
		}},
		{"everything at once", nil, dynamostore.Config{
			Table: "a/b", PartitionKey: "rev", TTLAttribute: "sk", KeyPrefix: strings.Repeat("x", 513), Timeout: -time.Second,
		}, []string{"client is nil", "Table", "PartitionKey", "TTLAttribute", "KeyPrefix has 513 bytes: use at most 512", "Timeout is -1s: use a positive"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := dynamostore.New(c.client, c.cfg)
			if len(c.want) == 0 {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantProblems(t, err, c.want...)
		})
	}
}

// wantProblems fails the test unless the error has a line for each of want.
func wantProblems(t *testing.T, err error, want ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one that says %q", want)
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != len(want) {
		t.Fatalf("%d problems, want %d:\n%v", len(lines), len(want), err)
	}
	for i, line := range lines {
		if !strings.Contains(line, want[i]) {
			t.Errorf("problem %d is %q, want %q in it", i, line, want[i])
		}
	}
}
