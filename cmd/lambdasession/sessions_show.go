package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/alecthomas/kong"

	"github.com/lambdasession/lambdasession-go/store"
)

// sessionsShow is "lambdasession sessions show".
type sessionsShow struct {
	ID       string `arg:"" help:"The session's id, as sessions list tells it."`
	NoValues bool   `help:"Name the fields and leave out their values."`
	Output   string `enum:"table,json" default:"table" help:"table for people or json for programs."`

	Flags tableFlags `embed:""`
}

// Help is what --help says beside the flags.
func (sessionsShow) Help() string {
	return `Shows a session that is in the table, whatever its state. Its values are a
visitor's own: --no-values leaves them out.

    lambdasession sessions show --table sessions ID
    lambdasession sessions show --table sessions ID --no-values --output json

The JSON is one session as sessions list has it, and with values (by field) and
raw_values (in base64: those that are not JSON).

It needs the permission dynamodb:GetItem.

` + tableHelp + sessionsExits
}

// Validate refuses what is no id.
func (c *sessionsShow) Validate() error {
	if !isID(c.ID) {
		return errNoID
	}
	return nil
}

// Run shows it.
func (c *sessionsShow) Run(ctx context.Context, k *kong.Context, out *terminal) error {
	table, err := c.Flags.open(ctx)
	if err != nil {
		return err
	}
	return c.show(ctx, table, k.Stdout, out, time.Now())
}

func (c *sessionsShow) show(ctx context.Context, table *sessionsTable, w io.Writer, out *terminal, now time.Time) error {
	session, err := table.Inspect(ctx, c.ID)
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("no session %s in %s: it has expired and been swept, or never was", short(c.ID), table.place)
	}
	if err != nil {
		return table.explain(ctx, err)
	}
	view := viewOf(session)
	if !c.NoValues {
		view = view.withValues(session.Fields)
	}
	if c.Output == "json" {
		return writeJSON(w, view)
	}
	c.print(w, out, view, now)
	return nil
}

// print prints the session for people.
func (c *sessionsShow) print(w io.Writer, out *terminal, v sessionView, now time.Time) {
	rows := [][]string{{"Session", v.ID}, {"State", v.State}}
	row := func(name, text string) {
		if text != "" {
			rows = append(rows, []string{name, printable(text)})
		}
	}
	moment := func(name string, t time.Time) {
		if !t.IsZero() {
			rows = append(rows, []string{name, fmt.Sprintf("%s, %s", t.Format(time.RFC3339), ago(t, now))})
		}
	}
	row("Error", v.Error)
	row("Subject", v.Subject)
	row("Device", v.Device)
	moment("Created", v.Created)
	moment("Expires", v.Expires)
	moment("Ends", v.Ends)
	moment("Ended", v.Ended)
	row("Successor", v.Successor)
	row("Size", fmt.Sprintf("%d bytes", v.Bytes))
	for _, line := range columns(rows) {
		fmt.Fprintln(w, line)
	}
	for _, name := range slices.Sorted(maps.Keys(v.Fields)) {
		fmt.Fprintf(w, "\n%s, %d bytes\n", out.paint(bold, printable(name)), v.Fields[name])
		switch value, isJSON := v.Values[name]; {
		case c.NoValues:
		case isJSON:
			var b bytes.Buffer
			_ = json.Indent(&b, value, "  ", "  ") // it is valid
			fmt.Fprintf(w, "  %s\n", escape(b.String()))
		default:
			fmt.Fprintln(w, "  not JSON: --output json has it in base64")
		}
	}
}
