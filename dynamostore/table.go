package dynamostore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// A TableClient is a [Client] that can also make and describe tables, which
// only [Store.CreateTable] and [Store.Check] need. *[dynamodb.Client] is one.
type TableClient interface {
	DescribeTable(context.Context, *dynamodb.DescribeTableInput, ...func(*dynamodb.Options)) (*dynamodb.DescribeTableOutput, error)
	DescribeTimeToLive(context.Context, *dynamodb.DescribeTimeToLiveInput, ...func(*dynamodb.Options)) (*dynamodb.DescribeTimeToLiveOutput, error)
	CreateTable(context.Context, *dynamodb.CreateTableInput, ...func(*dynamodb.Options)) (*dynamodb.CreateTableOutput, error)
	UpdateTimeToLive(context.Context, *dynamodb.UpdateTimeToLiveInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateTimeToLiveOutput, error)
}

func (s *Store) tables() (TableClient, error) {
	if c, ok := s.client.(TableClient); ok {
		return c, nil
	}
	return nil, fmt.Errorf("dynamostore: the client (%T) is no TableClient: give New a *dynamodb.Client", s.client)
}

// How long a new table may take, and how often it is looked at.
const (
	createTimeout = 5 * time.Minute
	createPoll    = 500 * time.Millisecond
)

// CreateTable makes the table, on-demand and with TTL on, and returns when it
// can be used, which takes some seconds on AWS. A table that exists is left as
// it is, and the error is that of [Store.Check].
func (s *Store) CreateTable(ctx context.Context) error {
	tables, err := s.tables()
	if err != nil {
		return err
	}
	_, unsure, err := send(ctx, s, tables.CreateTable, &dynamodb.CreateTableInput{
		TableName:   &s.cfg.Table,
		BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: &s.cfg.PartitionKey, AttributeType: types.ScalarAttributeTypeS},
			{AttributeName: &s.cfg.SortKey, AttributeType: types.ScalarAttributeTypeS},
		},
		KeySchema: []types.KeySchemaElement{
			{AttributeName: &s.cfg.PartitionKey, KeyType: types.KeyTypeHash},
			{AttributeName: &s.cfg.SortKey, KeyType: types.KeyTypeRange},
		},
	})
	if _, exists := errors.AsType[*types.ResourceInUseException](err); err != nil && !exists {
		return err
	}
	made := err == nil || unsure // the one that exists may be ours

	waiter := dynamodb.NewTableExistsWaiter(tables, func(o *dynamodb.TableExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = createPoll, 10*createPoll
	})
	if err := waiter.Wait(ctx, &dynamodb.DescribeTableInput{TableName: &s.cfg.Table}, createTimeout); err != nil {
		return fmt.Errorf("dynamostore: wait for %s: %w", s.place, err)
	}
	if made {
		_, unsure, err := send(ctx, s, tables.UpdateTimeToLive, &dynamodb.UpdateTimeToLiveInput{
			TableName: &s.cfg.Table,
			TimeToLiveSpecification: &types.TimeToLiveSpecification{
				AttributeName: &s.cfg.TTLAttribute,
				Enabled:       aws.Bool(true),
			},
		})
		if err != nil && !unsure { // after a lost answer it is on already, which is an error
			return err
		}
	}
	return s.Check(ctx)
}
