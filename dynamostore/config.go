package dynamostore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

const (
	defaultTimeout = 2 * time.Second

	// maxKeyPrefix leaves room for the longest subject: a partition key has at
	// most 2,048 bytes.
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
	maxKeyPrefix = 512

	maxKeyName = 255 // bytes in the name of a key attribute
)

// A Client makes the requests that a store needs. *[dynamodb.Client] is one,
// and so is anything of yours around it. It must be safe for use by many
// goroutines at once and end its calls with their context.
type Client interface {
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
	UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
	DeleteItem(context.Context, *dynamodb.DeleteItemInput, ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error)
	TransactWriteItems(context.Context, *dynamodb.TransactWriteItemsInput, ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error)
	Query(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
	BatchGetItem(context.Context, *dynamodb.BatchGetItemInput, ...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error)
}

// A Config says how a store uses its table. The zero value of every field but
// Table is a good default.
type Config struct {
	// Table is the name or the ARN of the table. It must be set.
	Table string

	// PartitionKey, SortKey and TTLAttribute are the names of the table's own
	// attributes: "pk", "sk" and "expires".
	PartitionKey, SortKey, TTLAttribute string

	// KeyPrefix begins the partition key of every item, for a table that is
	// shared with others. IAM can hold a role to it: see the condition key
	// dynamodb:LeadingKeys.
	KeyPrefix string

	// Timeout bounds every operation on a session, and every request of one on
	// a subject, its being sent again included: 2 s. The context may set a
	// tighter bound.
	Timeout time.Duration

	// EventualReads halves the price of Load, which may then show a session
	// as it was about a second ago, also one that has been revoked meanwhile.
	// A session that is not found that way is looked up consistently. It
	// halves the price of Scan as well.
	EventualReads bool

	// Now is the clock: time.Now. It must be the session manager's.
	Now func() time.Time

	// Logger is told what no caller can be told: slog.Default(). It is never
	// given a key, a value or a subject.
	Logger *slog.Logger
}

// withDefaults returns c with every field set that was not.
func (c Config) withDefaults() Config {
	c.PartitionKey = cmp.Or(c.PartitionKey, "pk")
	c.SortKey = cmp.Or(c.SortKey, "sk")
	c.TTLAttribute = cmp.Or(c.TTLAttribute, "expires")
	c.Timeout = cmp.Or(c.Timeout, defaultTimeout)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c
}

// isTableName reports whether DynamoDB takes s for a table: a name, or an ARN.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
func isTableName(s string) bool {
	if strings.HasPrefix(s, "arn:") {
		return len(s) <= 1024 && !strings.ContainsFunc(s, unicode.IsSpace)
	}
	return 3 <= len(s) && len(s) <= 255 && !strings.ContainsFunc(s, func(r rune) bool {
		return !strings.ContainsRune(tableNameLetters, r)
	})
}

const tableNameLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"

// validate reports everything that is wrong with c, which has its defaults.
func (c Config) validate() error {
	var problems []error
	problem := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("dynamostore: Config."+format, args...))
	}
	switch {
	case c.Table == "":
		problem("Table is empty: set it to the name of the sessions table")
	case !isTableName(c.Table):
		problem("Table %q is no table's name: use 3 to 255 letters, digits, '_', '.' and '-', or an ARN", c.Table)
	}
	taken := map[string]string{}
	for _, a := range ownAttributes {
		taken[a] = "is an attribute of the store's own items"
	}
	for _, f := range []struct{ name, value string }{
		{"PartitionKey", c.PartitionKey}, {"SortKey", c.SortKey}, {"TTLAttribute", c.TTLAttribute},
	} {
		if len(f.value) > maxKeyName || !utf8.ValidString(f.value) {
			problem("%s is no attribute's name: use at most %d bytes of UTF-8", f.name, maxKeyName)
		}
		if why, ok := taken[f.value]; ok {
			problem("%s %q %s: use another name", f.name, f.value, why)
		} else {
			taken[f.value] = "is Config." + f.name + " too"
		}
	}
	if len(c.KeyPrefix) > maxKeyPrefix || !utf8.ValidString(c.KeyPrefix) {
		problem("KeyPrefix has %d bytes: use at most %d, of UTF-8", len(c.KeyPrefix), maxKeyPrefix)
	}
	if c.Timeout < 0 {
		problem("Timeout is %v: use a positive duration, or 0 for %v", c.Timeout, defaultTimeout)
	}
	return errors.Join(problems...)
}

// describe names the table and, where the client tells, where it looks for it.
func describe(client Client, table string) string {
	place := fmt.Sprintf("table %q", table)
	c, ok := client.(interface{ Options() dynamodb.Options })
	if !ok {
		return place
	}
	o := c.Options()
	if o.Region != "" {
		place += " in " + o.Region
	}
	if o.BaseEndpoint != nil {
		place += " at " + strings.TrimSuffix(*o.BaseEndpoint, "/")
	}
	return place
}
