package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/lambdasession/lambdasession-go/store"
)

// explain says what went wrong in the words of the command line: which flag, or
// which other command, helps.
func (t *sessionsTable) explain(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return errInterrupted
	}
	if _, ok := errors.AsType[*types.ResourceNotFoundException](err); ok {
		return fmt.Errorf("there is no %s: look at --table, --region and --endpoint-url, or make it: lambdasession table create --table %s", t.place, t.name)
	}
	if _, ok := errors.AsType[*store.InvalidError](err); ok {
		return fmt.Errorf("%s refuses: lambdasession table check says what is wrong with it (%w)", t.place, err)
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		switch api.ErrorCode() {
		case "AccessDeniedException":
			return fmt.Errorf("not allowed on %s: these credentials need the permission %s (%s)", t.place, actionOf(err, api), api.ErrorMessage())
		case "UnrecognizedClientException", "MissingAuthenticationToken", "MissingAuthenticationTokenException",
			"InvalidSignatureException", "IncompleteSignatureException", "ExpiredTokenException", "InvalidClientTokenId":
			return fmt.Errorf("these credentials are not accepted for %s: look at --profile or AWS_PROFILE, at --region, and at this machine's clock (%s: %s)", t.place, api.ErrorCode(), api.ErrorMessage())
		}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("no answer for %s within %v: look at --region, --endpoint-url and the network", t.place, requestTimeout)
	}
	if send, ok := errors.AsType[*smithyhttp.RequestSendError](err); ok {
		return fmt.Errorf("nothing answers for %s: look at --region, --endpoint-url and the network (%w)", t.place, rootOf(send.Err))
	}
	return errors.New(strings.TrimPrefix(err.Error(), "dynamostore: "))
}

// rootOf is what an error comes from: without the addresses, which differ from
// request to request.
func rootOf(err error) error {
	for {
		cause := errors.Unwrap(err)
		if cause == nil {
			return err
		}
		err = cause
	}
}

// errInterrupted: the user pressed Ctrl-C.
var errInterrupted = errors.New("interrupted")

// refusedAction is in DynamoDB's message. A transaction is refused for the action
// of one of its parts.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
var refusedAction = regexp.MustCompile(`not authorized to perform: (\S+)`)

// actionOf is the action that is missing from the caller's policies.
func actionOf(err error, api smithy.APIError) string {
	if match := refusedAction.FindStringSubmatch(api.ErrorMessage()); match != nil {
		return match[1]
	}
	if operation, ok := errors.AsType[*smithy.OperationError](err); ok {
		return "dynamodb:" + operation.Operation()
	}
	return "that it asks for"
}
