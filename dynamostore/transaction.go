package dynamostore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// A step is one write of a transaction. Refused says what it means that its
// condition failed, found being the item as it is instead: nil that the
// transaction was applied by an attempt that got no answer.
type step struct {
	write   types.TransactWriteItem
	refused func(found item, unsure bool) error
}

// transact makes all writes or none. If conditions of several steps fail, the
// first one speaks. Token makes the transaction one, however often it is sent:
// within ten minutes DynamoDB applies no second one with the same token.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
func (s *Store) transact(ctx context.Context, token string, steps []step) error {
	in := &dynamodb.TransactWriteItemsInput{
		ClientRequestToken:     &token,
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	}
	for _, st := range steps {
		in.TransactItems = append(in.TransactItems, st.write)
	}
	_, unsure, err := send(ctx, s, s.client.TransactWriteItems, in, sameBytes())
	if cancelled, ok := errors.AsType[*types.TransactionCanceledException](err); ok {
		for i, reason := range cancelled.CancellationReasons {
			if i < len(steps) && isFailedCondition(reason) {
				return steps[i].refused(reason.Item, unsure)
			}
		}
	}
	return err
}

// sameBytes returns a call option that makes every call it is given to send
// the bytes of the first one. The SDK writes maps in random order, and a token
// that comes with another request is an error.
func sameBytes() func(*dynamodb.Options) {
	var body []byte
	repeat := func(ctx context.Context, in middleware.SerializeInput, next middleware.SerializeHandler) (
		middleware.SerializeOutput, middleware.Metadata, error,
	) {
		req, ok := in.Request.(*smithyhttp.Request)
		if !ok {
			return next.HandleSerialize(ctx, in)
		}
		if body == nil {
			var err error
			if body, err = io.ReadAll(req.GetStream()); err != nil {
				return middleware.SerializeOutput{}, middleware.Metadata{}, fmt.Errorf("read the request: %w", err)
			}
		}
		req, err := req.SetStream(bytes.NewReader(body))
		if err != nil {
			return middleware.SerializeOutput{}, middleware.Metadata{}, fmt.Errorf("repeat the request: %w", err)
		}
		in.Request = req
		return next.HandleSerialize(ctx, in)
	}
	return func(o *dynamodb.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Serialize.Insert(middleware.SerializeMiddlewareFunc("SameBytes", repeat), "OperationSerializer", middleware.After)
		})
	}
}
