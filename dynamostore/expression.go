package dynamostore

import (
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// An update is one conditional write to one item, in the making. Its methods
// return the text to put into an expression; every name and value goes through
// a placeholder.
type update struct {
	key    item
	set    []string // "#0 = :0"
	remove []string // "#1"
	must   []string // conditions, all of which must hold
	names  map[string]string
	values item
}

func newUpdate(key item) *update {
	return &update{key: key, names: map[string]string{}, values: item{}}
}

// name returns the placeholder of an attribute or of a field in a map.
func (u *update) name(attribute string) string {
	p := "#" + strconv.Itoa(len(u.names))
	u.names[p] = attribute
	return p
}

// value returns the placeholder of a value.
func (u *update) value(v types.AttributeValue) string {
	p := ":" + strconv.Itoa(len(u.values))
	u.values[p] = v
	return p
}

// setTo sets what path, made of placeholders, leads to.
func (u *update) setTo(path string, v types.AttributeValue) {
	u.set = append(u.set, path+" = "+u.value(v))
}

// expression returns the update expression.
func (u *update) expression() *string {
	e := "SET " + strings.Join(u.set, ", ")
	if len(u.remove) > 0 {
		e += " REMOVE " + strings.Join(u.remove, ", ")
	}
	return &e
}

func (u *update) condition() *string {
	return aws.String(strings.Join(u.must, " AND "))
}

// request is the update on its own.
func (u *update) request(table string) *dynamodb.UpdateItemInput {
	return &dynamodb.UpdateItemInput{
		TableName:                           &table,
		Key:                                 u.key,
		UpdateExpression:                    u.expression(),
		ConditionExpression:                 u.condition(),
		ExpressionAttributeNames:            u.names,
		ExpressionAttributeValues:           u.values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		ReturnConsumedCapacity:              types.ReturnConsumedCapacityTotal,
	}
}

// inTransaction is the update as a part of a transaction.
func (u *update) inTransaction(table string) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName:                           &table,
		Key:                                 u.key,
		UpdateExpression:                    u.expression(),
		ConditionExpression:                 u.condition(),
		ExpressionAttributeNames:            u.names,
		ExpressionAttributeValues:           u.values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}}
}

// mustLive adds the conditions that the item is there, is no mark and has not
// expired. The clock's fraction does not matter: expiry is a whole second.
func (s *Store) mustLive(u *update, now time.Time) {
	u.must = append(u.must,
		"attribute_not_exists("+u.name(attrEnded)+")",
		u.name(s.cfg.TTLAttribute)+" > "+u.value(seconds(now)))
}
