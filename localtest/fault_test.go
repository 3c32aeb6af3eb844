package localtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// faulty is a table behind a fault proxy. Its client does not retry.
type faulty struct {
	*localtest.FaultProxy
	db     *localtest.DB
	client *dynamodb.Client
	table  *string
}

func newFaulty(t *testing.T, faults ...localtest.Fault) faulty {
	t.Helper()
	db := localtest.DynamoDB(t)
	f := faulty{FaultProxy: db.Faults(t), db: db, table: aws.String(db.Table())}
	f.client = dynamodb.New(f.Client.Options(), func(o *dynamodb.Options) { o.Retryer = aws.NopRetryer{} })
	f.Inject(faults...)
	return f
}

func (f faulty) put(ctx context.Context, value string) error {
	item := keyOf("a")
	item["v"] = text(value)
	_, err := f.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: f.table, Item: item})
	return err
}

func (f faulty) get(ctx context.Context, consistent bool) (string, error) {
	return valueOf(f.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: f.table, Key: keyOf("a"), ConsistentRead: &consistent}))
}

func valueOf(out *dynamodb.GetItemOutput, err error) (string, error) {
	if err != nil {
		return "", err
	}
	value, _ := out.Item["v"].(*types.AttributeValueMemberS)
	if value == nil {
		return "", nil
	}
	return value.Value, nil
}

// wantStored looks at what DynamoDB has, past the proxy.
func (f faulty) wantStored(t *testing.T, want string) {
	t.Helper()
	got, err := valueOf(f.db.Client.GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: f.table, Key: keyOf("a"), ConsistentRead: aws.Bool(true),
	}))
	if err != nil || got != want {
		t.Errorf("stored is %q, %v; want %q", got, err, want)
	}
}

func (f faulty) wantRequests(t *testing.T, want ...localtest.FaultedRequest) {
	t.Helper()
	if diff := cmp.Diff(want, f.Requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestAFaultProxyWithoutFaults(t *testing.T) {
	t.Parallel()
	f := newFaulty(t)
	if err := f.put(t.Context(), "one"); err != nil {
		t.Fatal(err)
	}
	if got, err := f.get(t.Context(), true); err != nil || got != "one" {
		t.Errorf("got %q, %v", got, err)
	}
	f.wantRequests(t, localtest.FaultedRequest{Operation: "PutItem"}, localtest.FaultedRequest{Operation: "GetItem"})
	if got := f.db.Meter().Usage(); got.Calls != 2 || got.WriteUnits != 1 || got.ReadUnits != 1 {
		t.Errorf("the meter of the database behind it counts %+v", got)
	}
}

// What each kind is for a client, and what it leaves in the table.
func TestFaultKinds(t *testing.T) {
	t.Parallel()
	code := func(want string) func(*testing.T, error) {
		return func(t *testing.T, err error) {
			t.Helper()
			wantAPIError(t, err, want)
		}
	}
	is := func(want error) func(*testing.T, error) {
		return func(t *testing.T, err error) {
			t.Helper()
			if !errors.Is(err, want) {
				t.Errorf("error is %v; want %v", err, want)
			}
		}
	}
	unreadable := func(t *testing.T, err error) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), "deserialization failed") {
			t.Errorf("error is %v; want that the answer cannot be read", err)
		}
	}
	for _, c := range []struct {
		fault  localtest.Fault
		want   func(*testing.T, error)
		stored bool
	}{
		{localtest.Fault{Kind: localtest.ConnectionReset}, is(syscall.ECONNRESET), false},
		{localtest.Fault{Kind: localtest.ConnectionReset, Applied: true}, is(syscall.ECONNRESET), true},
		{localtest.Fault{Kind: localtest.ServerError}, code("InternalServerError"), false},
		{localtest.Fault{Kind: localtest.ServerError, Applied: true}, code("InternalServerError"), true},
		{localtest.Fault{Kind: localtest.InvalidJSON}, unreadable, false},
		{localtest.Fault{Kind: localtest.InvalidJSON, Applied: true}, unreadable, true},
		{localtest.Fault{Kind: localtest.TruncatedAnswer}, is(io.ErrUnexpectedEOF), true},
		{localtest.Fault{Kind: localtest.Throttling}, code("ThrottlingException"), false},
		{localtest.Fault{Kind: localtest.AccessDenied}, code("AccessDeniedException"), false},
		{localtest.Fault{Kind: localtest.NoSuchTable}, code("ResourceNotFoundException"), false},
		{localtest.Fault{Kind: localtest.TransactionConflict}, code("TransactionConflictException"), false},
		{localtest.Fault{Kind: localtest.Delay, Pause: time.Nanosecond}, is(nil), true},
		{localtest.Fault{Kind: localtest.Trickle}, is(nil), true},
	} {
		name := c.fault.Kind.String()
		if c.fault.Applied {
			name += ", applied"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFaulty(t, c.fault)
			c.want(t, f.put(t.Context(), "one"))
			f.wantStored(t, map[bool]string{true: "one"}[c.stored])
			f.wantRequests(t, localtest.FaultedRequest{Operation: "PutItem", Fault: c.fault.Kind})
		})
	}
}

func TestABlackHole(t *testing.T) {
	t.Parallel()
	for name, applied := range map[string]bool{"that swallows a write": false, "that applies it": true} {
		t.Run(name+" answers nothing until the client gives up", func(t *testing.T) {
			t.Parallel()
			ctx, giveUp := context.WithCancel(t.Context())
			f := newFaulty(t, localtest.Fault{Kind: localtest.BlackHole, Applied: applied, Meanwhile: giveUp})
			if err := f.put(ctx, "one"); !errors.Is(err, context.Canceled) {
				t.Errorf("error is %v", err)
			}
			f.wantStored(t, map[bool]string{true: "one"}[applied])
		})
	}
	t.Run("does not outlive its test, though its client waits", func(t *testing.T) {
		t.Parallel()
		answer := make(chan error, 1)
		t.Run("a test", func(t *testing.T) {
			reached := make(chan struct{})
			f := newFaulty(t, localtest.Fault{Kind: localtest.BlackHole, Meanwhile: func() { close(reached) }})
			go func() { answer <- f.put(context.WithoutCancel(t.Context()), "one") }()
			<-reached
		})
		if err := <-answer; err == nil {
			t.Error("the black hole has answered")
		}
	})
}

func TestATrickle(t *testing.T) {
	t.Parallel()
	t.Run("is as slow as its pause", func(t *testing.T) {
		t.Parallel()
		f := newFaulty(t, localtest.Fault{Kind: localtest.Trickle, Pause: time.Hour})
		response := f.post(t, "GetItem", map[string]any{"TableName": *f.table, "Key": map[string]any{
			"pk": map[string]string{"S": "a"}, "sk": map[string]string{"S": "s"},
		}})
		first := make([]byte, 1)
		if _, err := io.ReadFull(response.Body, first); err != nil || string(first) != "{" || response.ContentLength != 2 {
			t.Errorf("got %q of %d bytes, %v", first, response.ContentLength, err)
		}
		_ = response.Body.Close() // or the proxy would wait for an hour
	})
	t.Run("gives all the bytes in the end", func(t *testing.T) {
		t.Parallel()
		f := newFaulty(t, localtest.Fault{Kind: localtest.Trickle, Operations: []string{"GetItem"}})
		if err := f.put(t.Context(), "one"); err != nil {
			t.Fatal(err)
		}
		if got, err := f.get(t.Context(), true); err != nil || got != "one" {
			t.Errorf("got %q, %v", got, err)
		}
	})
}

// post sends a request as the SDK would, and leaves the answer unread.
func (f faulty) post(t *testing.T, operation string, body any) *http.Response {
	t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.Endpoint(), bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20300101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func TestADelayedRequestArrivesThoughItsClientHasGivenUp(t *testing.T) {
	t.Parallel()
	ctx, giveUp := context.WithCancel(t.Context())
	arrived := make(chan struct{})
	f := newFaulty(t, localtest.Fault{Kind: localtest.Delay, Pause: time.Second, Meanwhile: func() { close(arrived) }})
	answer := make(chan error, 1)
	go func() { answer <- f.put(ctx, "late") }()
	eventually(t, "no request has come", func() bool { return len(f.Requests()) == 1 })
	giveUp()
	if err := <-answer; !errors.Is(err, context.Canceled) {
		t.Fatalf("error is %v", err)
	}
	<-arrived
	f.wantStored(t, "late")
}

func TestAStaleRead(t *testing.T) {
	t.Parallel()
	f := newFaulty(t, localtest.Fault{Kind: localtest.StaleRead})
	read := func(consistent bool, want string) {
		t.Helper()
		if got, err := f.get(t.Context(), consistent); err != nil || got != want {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	}
	write := func(value string) {
		t.Helper()
		if err := f.put(t.Context(), value); err != nil {
			t.Fatal(err)
		}
	}
	write("one")
	read(false, "") // as it was before the write: not there
	read(true, "one")
	write("two")
	read(false, "one")
	read(false, "one")
	read(true, "two")
	read(false, "two")
}

func TestTransactionFaults(t *testing.T) {
	t.Parallel()
	transact := func(t *testing.T, kind localtest.FaultKind) error {
		f := newFaulty(t, localtest.Fault{Kind: kind})
		put := types.TransactWriteItem{Put: &types.Put{TableName: f.table, Item: keyOf("a")}}
		other := types.TransactWriteItem{Put: &types.Put{TableName: f.table, Item: keyOf("b")}}
		_, err := f.client.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{
			TransactItems: []types.TransactWriteItem{put, other},
		})
		return err
	}
	t.Run("a conflict is the reason why a transaction is cancelled", func(t *testing.T) {
		t.Parallel()
		cancelled, ok := errors.AsType[*types.TransactionCanceledException](transact(t, localtest.TransactionConflict))
		if !ok {
			t.Fatal("the transaction was not cancelled")
		}
		var reasons []string
		for _, r := range cancelled.CancellationReasons {
			reasons = append(reasons, aws.ToString(r.Code))
		}
		if diff := cmp.Diff([]string{"TransactionConflict", "None"}, reasons); diff != "" {
			t.Errorf("reasons (-want +got):\n%s", diff)
		}
	})
	t.Run("a transaction is in progress already", func(t *testing.T) {
		t.Parallel()
		wantAPIError(t, transact(t, localtest.TransactionInProgress), "TransactionInProgressException")
	})
}
