package dynamostore

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambdasession/lambdasession-go/store"
)

// Errors that mean "could not answer": none of them is package store's.
var (
	// errUnsure: an attempt got no answer, and what stands there now does not
	// tell whether it was applied. To take that for a conflict would have the
	// change applied twice.
	errUnsure = errors.New("dynamostore: a write got no answer and the session was changed since: it may or may not have been applied")

	// errUnexplained: DynamoDB says that a condition failed, the item it sent
	// along says that all hold.
	errUnexplained = errors.New("dynamostore: DynamoDB refused a condition that its own item meets")
)

// errTooLarge is store.ErrTooLarge for people.
var errTooLarge = fmt.Errorf("%w: an item of DynamoDB has at most 400 KB", store.ErrTooLarge)

// explain says what an error that is no failed condition means and what to do
// about it. A request that DynamoDB finds invalid becomes [store.ErrTooLarge]
// or an *[store.InvalidError]; everything else means that the store could not
// answer.
func (s *Store) explain(ctx context.Context, err error) error {
	if isTooLarge(err) {
		return errTooLarge
	}
	if isInvalid(err) {
		return &store.InvalidError{Err: fmt.Errorf("%s refuses the request; Check says whether it is the table's fault: %w", s.place, err)}
	}
	return fmt.Errorf("dynamostore: %s: %s: %w", s.place, s.advice(ctx, err), err)
}

// advice is what to do about an error, for somebody who reads the log.
func (s *Store) advice(ctx context.Context, err error) string {
	var code string
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		code = api.ErrorCode()
	}
	switch code {
	case "ResourceNotFoundException":
		return "there is no such table: check Config.Table and the client's region and endpoint, or make it with CreateTable"
	case "AccessDeniedException":
		return "not allowed: give the function's role the permission that DynamoDB names"
	case "UnrecognizedClientException", "MissingAuthenticationToken", "MissingAuthenticationTokenException",
		"InvalidSignatureException", "IncompleteSignatureException", "ExpiredTokenException", "InvalidClientTokenId":
		return "the client's credentials are not accepted: check the function's role, on a laptop AWS_PROFILE, and the clock"
	}
	if _, throttled := retry.DefaultThrottleErrorCodes[code]; throttled {
		return "throttled: check the table's limits and alarms"
	}
	switch {
	case errors.Is(context.Cause(ctx), errTimeout):
		return fmt.Sprintf("no answer within Config.Timeout, %v: check the client's region and endpoint, and in a VPC its way to DynamoDB", s.cfg.Timeout)
	case ctx.Err() != nil:
		return "the caller's context ended"
	case strings.Contains(err.Error(), "Missing Region"):
		return "the client has no region: set AWS_REGION or the client's Options.Region"
	case strings.Contains(err.Error(), "get credentials"):
		return "the client has no credentials: give the function a role, or set AWS_PROFILE on a laptop"
	case isConnection(err):
		return "cannot be reached: check the client's region and endpoint, and the network"
	}
	return "could not answer"
}

// isConnection reports whether the network was in the way.
func isConnection(err error) bool {
	_, ok := errors.AsType[*smithyhttp.RequestSendError](err)
	return ok
}

// isTooLarge reports whether an item would have grown past DynamoDB's limit.
// It has no error code of its own.
func isTooLarge(err error) bool {
	tooLarge := func(message string) bool {
		return strings.Contains(message, "size") && strings.Contains(message, "exceeded the maximum allowed")
	}
	if cancelled, ok := errors.AsType[*types.TransactionCanceledException](err); ok {
		for _, r := range cancelled.CancellationReasons {
			if tooLarge(aws.ToString(r.Message)) {
				return true
			}
		}
		return false
	}
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && api.ErrorCode() == "ValidationException" && tooLarge(api.ErrorMessage())
}

// isInvalid reports whether DynamoDB found the request itself wrong.
func isInvalid(err error) bool {
	if cancelled, ok := errors.AsType[*types.TransactionCanceledException](err); ok {
		for _, r := range cancelled.CancellationReasons {
			if aws.ToString(r.Code) == "ValidationError" {
				return true
			}
		}
		return false
	}
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return false
	}
	switch api.ErrorCode() {
	case "ValidationException", "SerializationException":
		return true
	}
	return false
}
