package dynamostore

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Check compares the table with what the store needs of it. The error tells
// every difference at once, each with what to change. It needs permissions
// that the store itself does not: it is for deployments and for people.
func (s *Store) Check(ctx context.Context) error {
	tables, err := s.tables()
	if err != nil {
		return err
	}
	var problems []error
	table, _, err := send(ctx, s, tables.DescribeTable, &dynamodb.DescribeTableInput{TableName: &s.cfg.Table})
	if err != nil {
		if _, missing := errors.AsType[*types.ResourceNotFoundException](err); missing {
			return err
		}
		problems = append(problems, err)
	} else {
		problems = append(problems, s.checkKeys(table.Table)...)
	}
	ttl, _, err := send(ctx, s, tables.DescribeTimeToLive, &dynamodb.DescribeTimeToLiveInput{TableName: &s.cfg.Table})
	if err != nil {
		problems = append(problems, err)
	} else {
		problems = append(problems, s.checkTTL(ttl.TimeToLiveDescription))
	}
	return errors.Join(problems...)
}

func (s *Store) checkKeys(t *types.TableDescription) []error {
	var problems []error
	problem := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("dynamostore: %s %w", s.place, fmt.Errorf(format, args...)))
	}
	switch t.TableStatus {
	case types.TableStatusActive, types.TableStatusUpdating:
	default:
		problem("is %s: wait, or use another table", t.TableStatus)
	}
	attributeTypes := map[string]types.ScalarAttributeType{}
	for _, a := range t.AttributeDefinitions {
		attributeTypes[aws.ToString(a.AttributeName)] = a.AttributeType
	}
	have := map[types.KeyType]string{}
	for _, k := range t.KeySchema {
		have[k.KeyType] = aws.ToString(k.AttributeName)
	}
	for _, k := range []struct {
		kind          types.KeyType
		what, setting string
		want          string
	}{
		{types.KeyTypeHash, "partition key", "PartitionKey", s.cfg.PartitionKey},
		{types.KeyTypeRange, "sort key", "SortKey", s.cfg.SortKey},
	} {
		name, ok := have[k.kind]
		switch {
		case !ok:
			problem("has no %s: make a table with the %s %q (a string)", k.what, k.what, k.want)
			continue
		case name != k.want:
			problem("has the %s %q, not %q: set Config.%s to %q, or use another table", k.what, name, k.want, k.setting, name)
		}
		if typ := attributeTypes[name]; typ != types.ScalarAttributeTypeS {
			problem("has a %s of type %s: make a table where it is S, a string", k.what, typ)
		}
	}
	return problems
}

func (s *Store) checkTTL(ttl *types.TimeToLiveDescription) error {
	switch ttl.TimeToLiveStatus {
	case types.TimeToLiveStatusEnabled, types.TimeToLiveStatusEnabling:
	default:
		return fmt.Errorf("dynamostore: %s has TTL off, and would keep what has expired forever: turn TTL on for the attribute %q", s.place, s.cfg.TTLAttribute)
	}
	if name := aws.ToString(ttl.AttributeName); name != s.cfg.TTLAttribute {
		return fmt.Errorf("dynamostore: %s has TTL on the attribute %q, not %q: set Config.TTLAttribute to %q, or turn TTL on for %q",
			s.place, name, s.cfg.TTLAttribute, name, s.cfg.TTLAttribute)
	}
	return nil
}
