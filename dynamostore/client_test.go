package dynamostore_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/store"
)

type item = map[string]types.AttributeValue

func s(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }
func n(v string) types.AttributeValue { return &types.AttributeValueMemberN{Value: v} }
func m(v item) types.AttributeValue   { return &types.AttributeValueMemberM{Value: v} }

// beginning is when the tests' clocks stand still. It lies in the future, so
// that DynamoDB Local's own sweep finds nothing to do.
var beginning = time.Date(2090, time.May, 4, 3, 2, 1, 987_654_000, time.UTC)

func stopped() time.Time { return beginning }

// newStore makes a store whose clock stands still, and which is patient, since
// a test's DynamoDB Local shares the processor with all the other tests.
func newStore(t testing.TB, client dynamostore.Client, cfg dynamostore.Config) *dynamostore.Store {
	t.Helper()
	if cfg.Now == nil {
		cfg.Now = stopped
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = time.Minute
	}
	st, err := dynamostore.New(client, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// record is an anonymous session that begins at the beginning.
func record(values map[string][]byte) store.Record {
	return store.Record{
		Values:  values,
		Created: beginning,
		Expires: beginning.Add(30 * time.Minute),
		Ends:    beginning.Add(12 * time.Hour),
	}
}

// signedIn is a session of the subject on the device.
func signedIn(subject, device string) store.Record {
	r := record(map[string][]byte{"cart": []byte("1 apple")})
	r.Subject, r.Device, r.Label = subject, device, "a browser"
	return r
}

func save(t testing.TB, st store.Store, r store.Record) store.Key {
	t.Helper()
	key, err := st.Save(t.Context(), r)
	if err != nil {
		t.Fatal("Save:", err)
	}
	return key
}

func load(t testing.TB, st store.Store, key store.Key) store.Record {
	t.Helper()
	r, err := st.Load(t.Context(), key)
	if err != nil {
		t.Fatal("Load:", err)
	}
	return r
}

// set is a change of one field.
func set(field, value string) store.Changes {
	return store.Changes{
		Set:     map[string][]byte{field: []byte(value)},
		Expires: beginning.Add(40 * time.Minute),
	}
}

// A request is one call of a client, on its way.
type request struct {
	ctx       context.Context
	operation string
	n         int                 // how many of the same operation came before
	in        any                 // the *dynamodb.<operation>Input
	forward   func() (any, error) // what the client behind answers
}

// An interceptor is a client that has every request answered by answer, which
// may forward it to the client behind.
type interceptor struct {
	dynamostore.Client // the one behind; may be nil
	answer             func(request) (any, error)

	mu   sync.Mutex
	seen map[string]int // requests by operation, guarded by mu
}

func intercept(behind dynamostore.Client, answer func(request) (any, error)) *interceptor {
	return &interceptor{Client: behind, answer: answer, seen: map[string]int{}}
}

// count is how many requests of the operation there were.
func (c *interceptor) count(operation string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen[operation]
}

func through[In, Out any](
	ctx context.Context, c *interceptor, operation string, in *In, options []func(*dynamodb.Options),
	next func(dynamostore.Client, context.Context, *In, ...func(*dynamodb.Options)) (*Out, error),
) (*Out, error) {
	c.mu.Lock()
	before := c.seen[operation]
	c.seen[operation]++
	c.mu.Unlock()
	out, err := c.answer(request{
		ctx: ctx, operation: operation, n: before, in: in,
		forward: func() (any, error) { return next(c.Client, ctx, in, options...) },
	})
	if err != nil {
		return nil, err
	}
	return out.(*Out), nil
}

func (c *interceptor) GetItem(ctx context.Context, in *dynamodb.GetItemInput, options ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	return through(ctx, c, "GetItem", in, options, dynamostore.Client.GetItem)
}

func (c *interceptor) PutItem(ctx context.Context, in *dynamodb.PutItemInput, options ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	return through(ctx, c, "PutItem", in, options, dynamostore.Client.PutItem)
}

func (c *interceptor) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, options ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	return through(ctx, c, "UpdateItem", in, options, dynamostore.Client.UpdateItem)
}

func (c *interceptor) DeleteItem(ctx context.Context, in *dynamodb.DeleteItemInput, options ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error) {
	return through(ctx, c, "DeleteItem", in, options, dynamostore.Client.DeleteItem)
}

func (c *interceptor) TransactWriteItems(ctx context.Context, in *dynamodb.TransactWriteItemsInput, options ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	return through(ctx, c, "TransactWriteItems", in, options, dynamostore.Client.TransactWriteItems)
}

func (c *interceptor) Query(ctx context.Context, in *dynamodb.QueryInput, options ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
	return through(ctx, c, "Query", in, options, dynamostore.Client.Query)
}

func (c *interceptor) BatchGetItem(ctx context.Context, in *dynamodb.BatchGetItemInput, options ...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error) {
	return through(ctx, c, "BatchGetItem", in, options, dynamostore.Client.BatchGetItem)
}
