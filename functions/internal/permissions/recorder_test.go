package permissions

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const template = `
Resources:
  ShopFunction:
    Properties:
      Policies:
        - Statement:
            - Action:
                - dynamodb:PutItem
                - dynamodb:GetItem

  # The next one.
  ApiFunction:
    Properties:
      Policies:
        - Statement:
            - Action:
                - dynamodb:Query
`

func TestTheActionsAreThoseOfTheFunctionAlone(t *testing.T) {
	t.Parallel()
	for function, want := range map[string][]string{"ShopFunction": {"GetItem", "PutItem"}, "ApiFunction": {"Query"}} {
		got, err := actions(template, function)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", function, diff)
		}
	}
	if _, err := actions(template, "Shop"); err == nil || !strings.Contains(err.Error(), "no resource Shop") {
		t.Errorf("of a function that is not there: %v", err)
	}
}

func TestATransactionIsItsActions(t *testing.T) {
	t.Parallel()
	got, err := inTransaction([]byte(`{"TransactItems": [{"Put": {}}, {"ConditionCheck": {}}, {"Update": {}}, {"Delete": {}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"PutItem", "ConditionCheckItem", "UpdateItem", "DeleteItem"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
