package main

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestTableCommand(t *testing.T) {
	t.Parallel()
	db := localtest.DynamoDB(t)

	t.Run("a table is made, and then is as it should be", func(t *testing.T) {
		t.Parallel()
		var b strings.Builder
		out := &terminal{w: &b}
		name := "made-by-the-command"
		t.Cleanup(func() {
			if _, err := db.Client.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &name}); err != nil {
				t.Error(err)
			}
		})
		table := tableOf(t, db.Client, dynamostore.Config{Table: name})
		if err := table.create(t.Context(), out); err != nil {
			t.Fatal(err)
		}
		if err := table.check(t.Context(), out); err != nil {
			t.Fatal(err)
		}
		want := "  creating table made-by-the-command here ..................... 0 ms\nTable made-by-the-command here is as it should be.\n"
		if diff := cmp.Diff(want, took.ReplaceAllString(b.String(), " 0 ms")); diff != "" {
			t.Error(diff)
		}
	})

	t.Run("a table that exists is not made once more", func(t *testing.T) {
		t.Parallel()
		var b strings.Builder
		name := db.Table()
		if err := tableOf(t, db.Client, dynamostore.Config{Table: name}).create(t.Context(), &terminal{w: &b}); err != nil {
			t.Fatal(err)
		}
		if want := "Table " + name + " here exists, and is as it should be.\n"; b.String() != want {
			t.Errorf("got %s", &b)
		}
	})

	for _, do := range []struct {
		name string
		run  func(*sessionsTable) error
	}{
		{"check", func(table *sessionsTable) error { return table.check(t.Context(), &terminal{w: &strings.Builder{}}) }},
		{"create", func(table *sessionsTable) error { return table.create(t.Context(), &terminal{w: &strings.Builder{}}) }},
	} {
		t.Run(do.name+" tells all that is wrong with a table, and the flags that this command has for it", func(t *testing.T) {
			t.Parallel()
			err := do.run(tableOf(t, db.Client, dynamostore.Config{Table: db.Table(), SortKey: "sort", TTLAttribute: "ttl"}))
			for _, want := range []string{
				"2 things:\n  - table",
				`has the sort key "sk", not "sort": set Config.SortKey (here --sort-key) to "sk"`,
				`has TTL on the attribute "expires", not "ttl": set Config.TTLAttribute (here --ttl-attribute) to "expires"`,
			} {
				if !strings.Contains(errorText(err), want) {
					t.Errorf("the error is\n%v\nwant in it\n%s", err, want)
				}
			}
		})
	}

	t.Run("a permission that is missing is named, and nothing is made", func(t *testing.T) {
		t.Parallel()
		faults := db.Faults(t)
		faults.Inject(localtest.Fault{Kind: localtest.AccessDenied, Operations: []string{"DescribeTable"}})
		table := tableOf(t, faults.Client, dynamostore.Config{Table: db.Table()})
		err := table.create(t.Context(), &terminal{w: &strings.Builder{}})
		if !strings.Contains(errorText(err), "these credentials need the permission dynamodb:DescribeTable") {
			t.Errorf("got %v", err)
		}
		for _, r := range faults.Requests() {
			if r.Operation == "CreateTable" {
				t.Error("it was made all the same")
			}
		}
	})

	t.Run("a network that is down is one thing, not one for each request", func(t *testing.T) {
		t.Parallel()
		faults := db.Faults(t)
		faults.Inject(localtest.Fault{Kind: localtest.ConnectionReset})
		err := tableOf(t, faults.Client, dynamostore.Config{Table: db.Table()}).check(t.Context(), &terminal{w: &strings.Builder{}})
		if got := errorText(err); !strings.HasPrefix(got, "nothing answers for table") || strings.Contains(got, "\n") {
			t.Errorf("got %s", got)
		}
	})
}
