package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// tableCommand is "lambdasession table".
type tableCommand struct {
	Create tableCreate `cmd:"" help:"Make a sessions table."`
	Check  tableCheck  `cmd:"" help:"Say what a sessions table needs to be changed in."`
}

// tableCreate is "lambdasession table create".
type tableCreate struct {
	Flags tableFlags `embed:""`
}

// Help is what --help says beside the flags.
func (tableCreate) Help() string {
	return `Makes the table, on-demand, with a partition and a sort key and TTL on, and
returns when it can be used: after some seconds on AWS. A table that exists is
checked and left as it is.

    lambdasession table create --table sessions
    lambdasession table create --table sessions --endpoint-url http://localhost:8000

It needs the permissions dynamodb:CreateTable, DescribeTable, UpdateTimeToLive
and DescribeTimeToLive. Where a template makes the table, nobody needs it.

` + tableHelp + `

It ends with 0 if the table is as it should be, with 1 if not, with 2 if it was
called wrongly.`
}

// Run makes the table.
func (c *tableCreate) Run(ctx context.Context, out *terminal) error {
	table, err := c.Flags.open(ctx)
	if err != nil {
		return err
	}
	return table.create(ctx, out)
}

// create makes the table unless it is there.
func (t *sessionsTable) create(ctx context.Context, out *terminal) error {
	err := t.Check(ctx)
	if err == nil {
		out.printf("%s exists, and is as it should be.", sentence(t.place))
		return nil
	}
	if _, missing := errors.AsType[*types.ResourceNotFoundException](err); !missing {
		return t.unfit(ctx, err)
	}
	err = out.step("creating "+t.place, func() error { return t.CreateTable(ctx) })
	return t.unfit(ctx, err)
}

// tableCheck is "lambdasession table check".
type tableCheck struct {
	Flags tableFlags `embed:""`
}

// Help is what --help says beside the flags.
func (tableCheck) Help() string {
	return `Compares a table with what sessions need of it, its keys and its TTL, and
prints what to change. It changes nothing itself.

    lambdasession table check --table sessions

It needs the permissions dynamodb:DescribeTable and DescribeTimeToLive.

` + tableHelp + `

It ends with 0 if the table is as it should be, with 1 if not, with 2 if it was
called wrongly.`
}

// Run checks the table.
func (c *tableCheck) Run(ctx context.Context, out *terminal) error {
	table, err := c.Flags.open(ctx)
	if err != nil {
		return err
	}
	return table.check(ctx, out)
}

func (t *sessionsTable) check(ctx context.Context, out *terminal) error {
	if err := t.Check(ctx); err != nil {
		return t.unfit(ctx, err)
	}
	out.printf("%s is as it should be.", sentence(t.place))
	return nil
}

// unfit is what is wrong with a table, each thing on its line.
func (t *sessionsTable) unfit(ctx context.Context, err error) error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return t.explain(ctx, err)
	}
	var lines []string
	for _, problem := range joined.Unwrap() {
		line := settingFlags.Replace(t.explain(ctx, problem).Error())
		if !slices.Contains(lines, line) { // one network fails every request alike
			lines = append(lines, line)
		}
	}
	if len(lines) == 1 {
		return errors.New(lines[0])
	}
	return fmt.Errorf("%d things:\n  - %s", len(lines), strings.Join(lines, "\n  - "))
}

// settingFlags are those of this command that are a program's settings.
var settingFlags = strings.NewReplacer(
	"Config.PartitionKey", "Config.PartitionKey (here --partition-key)",
	"Config.SortKey", "Config.SortKey (here --sort-key)",
	"Config.TTLAttribute", "Config.TTLAttribute (here --ttl-attribute)",
)

// sentence begins with a capital letter.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
