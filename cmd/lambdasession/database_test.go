package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestFindSessions(t *testing.T) {
	t.Parallel()
	server, err := localtest.StartDynamoDB(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	db := home{database: &database{server: server}}
	keys := []template.Key{{Name: "pk", Type: "S", Role: "HASH"}, {Name: "sk", Type: "S", Role: "RANGE"}}
	main := template.Table{Name: "Main", Keys: keys, TTLAttribute: "expires"}
	other := template.Table{Name: "Other", Keys: []template.Key{{Name: "the PK", Type: "S"}, {Name: "SK", Type: "S"}}, TTLAttribute: "ttl"}
	visits := template.Table{Name: "Visits", Keys: keys[:1]}
	function := func(env map[string]string) []template.Function {
		return []template.Function{{ID: "Shop", Env: env}}
	}
	for _, c := range []struct {
		name      string
		db        home
		tables    []template.Table
		functions []template.Function
		env       map[string]string
		table     string
		none      string
		command   string
	}{
		{
			name: "the only table that has such keys", db: db, tables: []template.Table{visits, main}, functions: function(nil), table: "Main",
			command: "AWS_ENDPOINT_URL_DYNAMODB=URL bin/lambdasession sessions list --table Main",
		},
		{
			name: "the one that a function names", db: db, tables: []template.Table{main, other}, functions: function(map[string]string{"SESSION_TABLE": "Other"}), table: "Other",
			command: "AWS_ENDPOINT_URL_DYNAMODB=URL bin/lambdasession sessions list --table Other --partition-key 'the PK' --sort-key SK --ttl-attribute ttl",
		},
		{
			name: "the one that --env names", db: db, tables: []template.Table{main, other}, functions: function(map[string]string{"SESSION_TABLE": "Other"}), env: map[string]string{"SESSION_TABLE": "Main"}, table: "Main",
			command: "AWS_ENDPOINT_URL_DYNAMODB=URL bin/lambdasession sessions list --table Main",
		},
		{
			name: "none, if it could be several", db: db, tables: []template.Table{main, other}, functions: function(nil),
			none: "It is not clear which table of the template has the sessions in it. Set SESSION_TABLE in a function's environment to its name.",
		},
		{
			name: "none, if the functions keep them elsewhere", db: db, tables: []template.Table{main}, functions: function(map[string]string{"SESSION_STORE": "cookie"}),
			none: `Shop keeps its sessions elsewhere: its SESSION_STORE is "cookie".`,
		},
		{
			name: "none without a database, whose stead says why", db: home{none: "They are elsewhere."}, tables: []template.Table{main}, functions: function(nil),
			none: "They are elsewhere.",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := findSessions(c.db, c.tables, c.functions, c.env)
			if err != nil {
				t.Fatal(err)
			}
			if got.table.Name != c.table || (got.store != nil) != (c.table != "") {
				t.Errorf("got table %q and the store %v, want table %q", got.table.Name, got.store, c.table)
			}
			if diff := cmp.Diff(c.none, got.none); diff != "" {
				t.Error(diff)
			}
			if got.store != nil {
				if diff := cmp.Diff(c.command, got.command("bin/lambdasession", "URL")); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}
