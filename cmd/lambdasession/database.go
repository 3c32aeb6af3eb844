package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/console"
	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// database is a DynamoDB Local with a proxy in front of it, which tells the
// journal of the functions' calls.
type database struct {
	server *localtest.Server
	meter  *localtest.MeterProxy
}

// startDatabase starts a DynamoDB Local with the template's tables.
func startDatabase(ctx context.Context, out *terminal, tables []template.Table, journal *console.Journal) (_ *database, err error) {
	step := out.begin("looking for DynamoDB Local")
	server, err := localtest.StartDynamoDB(ctx, func(next string) {
		step.end(nil)
		step = out.begin(next)
	})
	step.end(err)
	if err != nil {
		return nil, fmt.Errorf("%w\nor go without it: --store memory", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, server.Close())
		}
	}()
	for _, t := range tables {
		what := "creating table " + t.Name
		if t.TTLAttribute != "" {
			what += ", TTL on " + t.TTLAttribute
		}
		if err := out.step(what, func() error { return createTable(ctx, server.Client(), t) }); err != nil {
			return nil, err
		}
	}
	meter, err := localtest.StartMeterProxy(server.Endpoint(), journal.Observe)
	if err != nil {
		return nil, err
	}
	return &database{server, meter}, nil
}

// Close ends both.
func (d *database) Close() error { return errors.Join(d.meter.Close(), d.server.Close()) }

// sessions is where the sessions are, for people who want to see them.
type sessions struct {
	store *dynamostore.Store // nil if they cannot be looked at
	table template.Table
	none  string // why not
}

// findSessions finds the table of the sessions: the one that a function's
// SESSION_TABLE names, or else the only one that has such keys. Env goes over
// the functions' own.
func findSessions(kept home, tables []template.Table, functions []template.Function, env map[string]string) (sessions, error) {
	if kept.database == nil {
		return sessions{none: kept.none}, nil
	}
	var named []string
	for _, f := range functions {
		if kind := cmp.Or(env["SESSION_STORE"], f.Env["SESSION_STORE"], "dynamodb"); kind != "dynamodb" {
			return sessions{none: fmt.Sprintf("%s keeps its sessions elsewhere: its SESSION_STORE is %q.", f.ID, kind)}, nil
		}
		named = append(named, cmp.Or(env["SESSION_TABLE"], f.Env["SESSION_TABLE"]))
	}
	likely := slices.DeleteFunc(slices.Clone(tables), func(t template.Table) bool {
		return len(t.Keys) != 2 || t.Keys[0].Type != "S" || t.Keys[1].Type != "S"
	})
	i := slices.IndexFunc(likely, func(t template.Table) bool { return slices.Contains(named, t.Name) })
	switch {
	case i >= 0:
	case len(likely) == 1:
		i = 0
	default:
		return sessions{none: "It is not clear which table of the template has the sessions in it. Set SESSION_TABLE in a function's environment to its name."}, nil
	}
	table := likely[i]
	store, err := dynamostore.New(kept.database.server.Client(), dynamostore.Config{
		Table:        table.Name,
		PartitionKey: table.Keys[0].Name,
		SortKey:      table.Keys[1].Name,
		TTLAttribute: table.TTLAttribute,
	})
	if err != nil {
		return sessions{}, fmt.Errorf("the sessions in table %s: %w", table.Name, err)
	}
	return sessions{store: store, table: table}, nil
}

// command is what to type in another shell to list the sessions. Program is how
// this one was called: it need not be in PATH.
func (s sessions) command(program, endpoint string) string {
	words := []string{"AWS_ENDPOINT_URL_DYNAMODB=" + endpoint, quoted(program), "sessions list --table", s.table.Name}
	for _, name := range []struct{ flag, is, usual string }{
		{"--partition-key", s.table.Keys[0].Name, "pk"},
		{"--sort-key", s.table.Keys[1].Name, "sk"},
		{"--ttl-attribute", cmp.Or(s.table.TTLAttribute, "expires"), "expires"},
	} {
		if name.is != name.usual {
			words = append(words, name.flag, quoted(name.is))
		}
	}
	return strings.Join(words, " ")
}
