package dynamostore_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// A squatter is a client that puts an item of its own where a new session is
// to go, just before it goes there: so many times, and again after reset.
type squatter struct {
	*interceptor
	t     *testing.T
	table string
	times int
	left  int
	items []item
}

func newSquatter(t *testing.T, behind *dynamodb.Client, table string, times int) *squatter {
	q := &squatter{t: t, table: table, times: times, left: times}
	q.interceptor = intercept(behind, func(r request) (any, error) {
		switch in := r.in.(type) {
		case *dynamodb.PutItemInput:
			q.squat(in.Item)
		case *dynamodb.TransactWriteItemsInput:
			for _, w := range in.TransactItems {
				if w.Put != nil && w.Put.Item["data"] != nil {
					q.squat(w.Put.Item)
				}
			}
		}
		return r.forward()
	})
	return q
}

func (q *squatter) reset() { q.left = q.times }

func (q *squatter) squat(session item) {
	if q.left == 0 {
		return
	}
	q.left--
	mine := item{"pk": session["pk"], "sk": session["sk"], "rev": s("theirs")}
	q.items = append(q.items, mine)
	if _, err := q.Client.PutItem(q.t.Context(), &dynamodb.PutItemInput{TableName: &q.table, Item: mine}); err != nil {
		q.t.Error(err)
	}
}

// wantUntouched fails the test if one of the squatter's items was overwritten.
func (q *squatter) wantUntouched() {
	q.t.Helper()
	for _, want := range q.items {
		out, err := q.Client.GetItem(q.t.Context(), &dynamodb.GetItemInput{
			TableName: &q.table, Key: item{"pk": want["pk"], "sk": want["sk"]},
		})
		if err != nil {
			q.t.Fatal(err)
		}
		if diff := cmp.Diff(want, out.Item, cmpopts.IgnoreUnexported(types.AttributeValueMemberS{})); diff != "" {
			q.t.Errorf("a taken key was overwritten:\n%s", diff)
		}
	}
}
