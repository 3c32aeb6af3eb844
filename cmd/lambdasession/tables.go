package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
)

// createTable makes a table with its keys, its indexes and its TTL. One that
// exists is left as it is: a DynamoDB Local that was running before may hold it.
func createTable(ctx context.Context, client *dynamodb.Client, t template.Table) error {
	input := &dynamodb.CreateTableInput{
		TableName:            aws.String(t.Name),
		BillingMode:          types.BillingModePayPerRequest,
		AttributeDefinitions: attributes(t),
		KeySchema:            keySchema(t.Keys),
	}
	for _, index := range t.Indexes {
		projection := &types.Projection{
			ProjectionType:   types.ProjectionType(index.Projection),
			NonKeyAttributes: index.Attributes,
		}
		if index.Global {
			input.GlobalSecondaryIndexes = append(input.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
				IndexName: aws.String(index.Name), KeySchema: keySchema(index.Keys), Projection: projection,
			})
			continue
		}
		input.LocalSecondaryIndexes = append(input.LocalSecondaryIndexes, types.LocalSecondaryIndex{
			IndexName: aws.String(index.Name), KeySchema: keySchema(index.Keys), Projection: projection,
		})
	}
	_, err := client.CreateTable(ctx, input)
	if _, exists := errors.AsType[*types.ResourceInUseException](err); exists {
		return nil
	}
	if err != nil {
		return fmt.Errorf("creating table %s: %w", t.Name, err)
	}
	waiter := dynamodb.NewTableExistsWaiter(client, func(o *dynamodb.TableExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = 10*time.Millisecond, time.Second
	})
	if err := waiter.Wait(ctx, &dynamodb.DescribeTableInput{TableName: aws.String(t.Name)}, time.Minute); err != nil {
		return fmt.Errorf("creating table %s: %w", t.Name, err)
	}
	if t.TTLAttribute == "" {
		return nil
	}
	_, err = client.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
		TableName: aws.String(t.Name),
		TimeToLiveSpecification: &types.TimeToLiveSpecification{
			AttributeName: aws.String(t.TTLAttribute),
			Enabled:       aws.Bool(true),
		},
	})
	if err != nil {
		return fmt.Errorf("turning the TTL of table %s on: %w", t.Name, err)
	}
	return nil
}

// attributes are the definitions of those that are in a key: DynamoDB takes no
// others.
func attributes(t template.Table) []types.AttributeDefinition {
	keys := slices.Clone(t.Keys)
	for _, index := range t.Indexes {
		keys = append(keys, index.Keys...)
	}
	var definitions []types.AttributeDefinition
	defined := map[string]bool{}
	for _, key := range keys {
		if defined[key.Name] {
			continue
		}
		defined[key.Name] = true
		definitions = append(definitions, types.AttributeDefinition{
			AttributeName: aws.String(key.Name),
			AttributeType: types.ScalarAttributeType(key.Type),
		})
	}
	return definitions
}

func keySchema(keys []template.Key) []types.KeySchemaElement {
	schema := make([]types.KeySchemaElement, len(keys))
	for i, key := range keys {
		schema[i] = types.KeySchemaElement{
			AttributeName: aws.String(key.Name),
			KeyType:       types.KeyType(key.Role),
		}
	}
	return schema
}
