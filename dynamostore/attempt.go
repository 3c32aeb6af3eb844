package dynamostore

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"github.com/lambdasession/lambdasession-go/store"
)

const (
	maxAttempts = 5

	// firstPause is the longest pause before the second attempt; each further
	// one may be twice as long.
	firstPause = 20 * time.Millisecond

	// minPatience is the least time an attempt gets, if there is so much: a
	// TLS handshake takes that long on a small function.
	minPatience = 250 * time.Millisecond
)

// A call is a method of a Client.
type call[In, Out any] func(context.Context, *In, ...func(*dynamodb.Options)) (*Out, error)

// send makes a request, up to five times, within Config.Timeout and the time
// that ctx has left.
//
// The SDK would do so too, but it would not tell of an attempt whose outcome
// is unknown: one that got no answer, and may have been applied. Unsure is
// whether there was such an attempt before the last one. A condition that
// failed is then perhaps one that our own write made fail.
//
// A failed condition comes back as DynamoDB's own error; every other error is
// explained.
func send[In, Out any](ctx context.Context, s *Store, do call[In, Out], in *In, options ...func(*dynamodb.Options)) (out *Out, unsure bool, err error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	options = append(slices.Clip(options), sendOnce)
	for n := range maxAttempts {
		if n > 0 && pause(ctx, firstPause<<(n-1)) != nil {
			break
		}
		out, err = attempt(ctx, do, in, options)
		if err == nil {
			store.AddUsage(ctx, consumed(out))
			return out, unsure, nil
		}
		verdict := judge(err)
		if verdict == refused {
			if conditionFailed(err) {
				return nil, unsure, err
			}
			break
		}
		if ctx.Err() != nil {
			break
		}
		unsure = unsure || verdict == unknown
	}
	return nil, unsure, s.explain(ctx, err)
}

// sendOnce turns the SDK's own retries off.
func sendOnce(o *dynamodb.Options) { o.Retryer = aws.NopRetryer{} }

// attempt makes a request once. It gets half of the time that is left, so that
// a connection that has died unnoticed, as they do while Lambda freezes an
// environment, leaves time for another.
func attempt[In, Out any](ctx context.Context, do call[In, Out], in *In, options []func(*dynamodb.Options)) (*Out, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	deadline, _ := ctx.Deadline() // send has seen to it
	ctx, cancel := context.WithTimeout(ctx, max(time.Until(deadline)/2, minPatience))
	defer cancel()
	return do(ctx, in, options...)
}

// pause waits for a random part of the time given ("full jitter"), so that
// requests that met do not meet again.
func pause(ctx context.Context, most time.Duration) error {
	t := time.NewTimer(rand.N(most)) //nolint:gosec // nobody gains by guessing a pause
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// A verdict is what a failed attempt means.
type verdict int

const (
	unknown verdict = iota // it may have been applied: no answer, or not a clear one
	refused                // it was not applied, and would not be if it were sent again
	later                  // it was not applied, but may be if it is sent again
)

// sdkRetries is what the SDK would send again: throttling, and a signature's
// time that it has corrected by the answer's. Connections and server errors
// never get to it: judge has called them unknown.
var sdkRetries = retry.IsErrorRetryables(retry.DefaultRetryables)

func judge(err error) verdict {
	if cancelled, ok := errors.AsType[*types.TransactionCanceledException](err); ok {
		return judgeCancelled(cancelled)
	}
	if !answered(err) {
		return unknown
	}
	if _, ok := errors.AsType[*types.TransactionConflictException](err); ok {
		return later
	}
	if sdkRetries.IsErrorRetryable(err) == aws.TrueTernary {
		return later
	}
	return refused
}

// judgeCancelled judges a transaction by its parts: it may be sent again if
// nothing but contention and throttling was in its way.
func judgeCancelled(err *types.TransactionCanceledException) verdict {
	v := refused
	for _, r := range err.CancellationReasons {
		switch aws.ToString(r.Code) {
		case "", "None":
		case "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded":
			v = later
		default:
			return refused
		}
	}
	return v
}

// answered reports whether DynamoDB said that it did not do what it was asked.
// It did not if it answered with a client's error (4xx); after a server's
// error it may have.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
func answered(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return false
	}
	if r, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		status := r.HTTPStatusCode()
		return 400 <= status && status < 500
	}
	return api.ErrorFault() == smithy.FaultClient
}

// conditionFailed reports whether a condition of ours was not met.
func conditionFailed(err error) bool {
	if _, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return true
	}
	cancelled, ok := errors.AsType[*types.TransactionCanceledException](err)
	return ok && slices.ContainsFunc(cancelled.CancellationReasons, isFailedCondition)
}

func isFailedCondition(r types.CancellationReason) bool {
	return aws.ToString(r.Code) == "ConditionalCheckFailed"
}
