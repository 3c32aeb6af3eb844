package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/aws/smithy-go"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/store"
)

// sessionsList is "lambdasession sessions list".
type sessionsList struct {
	Subject string `placeholder:"SUBJECT" help:"List the live sessions of this subject, from its own index."`
	All     bool   `help:"List those that have expired or ended as well, and are not swept yet."`
	Limit   int    `placeholder:"N" default:"50" help:"List up to this many at a time, 1 to 1000; those of a subject come all at once."`
	From    string `placeholder:"TOKEN" help:"Go on where the page before ended, which prints the token."`
	Output  string `enum:"table,json" default:"table" help:"table for people or json for programs."`

	Flags tableFlags `embed:""`
}

// Help is what --help says beside the flags.
func (sessionsList) Help() string {
	return `With --subject it reads the list of devices that the subject is signed in on,
and their sessions. Without, it reads the table itself, a page at a time, also
what is no session: DynamoDB bills a read unit for each 4 KB of it. The ids are
not what cookies carry: nobody gets into a session with one.

    lambdasession sessions list --table sessions
    lambdasession sessions list --table sessions --subject ada --output json

The JSON is one document: {"sessions": [...], "next": TOKEN}, without next on
the last page. A session has id, state (live, expired, ended or damaged) and
what there is of subject, device, label, created, expires, ends, ended,
successor (the id it was renewed to), bytes, fields (bytes by name) and error.
Times are RFC 3339 in UTC. A label comes with --subject alone, bytes and fields
without it.

It needs the permission dynamodb:Scan, with --subject Query, BatchGetItem and
GetItem.

` + tableHelp + sessionsExits
}

// Validate refuses what is no page.
func (c *sessionsList) Validate() error {
	if c.Subject != "" && (c.All || c.From != "") {
		return errors.New("--subject goes with neither --all nor --from: its live sessions are all there is of it")
	}
	if c.Limit < 1 || c.Limit > 1000 {
		return fmt.Errorf("--limit is %d: want 1 to 1000", c.Limit)
	}
	return nil
}

// Run lists them.
func (c *sessionsList) Run(ctx context.Context, k *kong.Context, out *terminal) error {
	table, err := c.Flags.open(ctx)
	if err != nil {
		return err
	}
	return c.list(ctx, table, k.Stdout, out, time.Now())
}

func (c *sessionsList) list(ctx context.Context, table *sessionsTable, w io.Writer, out *terminal, now time.Time) error {
	var list sessionList
	var err error
	if c.Subject != "" {
		list.Sessions, err = devices(ctx, table, c.Subject)
	} else {
		list, err = c.page(ctx, table)
	}
	if err != nil {
		return table.explain(ctx, err)
	}
	if c.Output == "json" {
		return writeJSON(w, list)
	}
	c.print(w, out, table, list, now)
	return nil
}

// page reads until it has a page of sessions, or the table ends. It leaves what
// is too much for the page to the next one.
func (c *sessionsList) page(ctx context.Context, table *sessionsTable) (sessionList, error) {
	list := sessionList{Sessions: []sessionView{}, Next: c.From} // not null
	for {
		found, next, err := table.Scan(ctx, list.Next, c.Limit)
		if _, ok := errors.AsType[*store.InvalidError](err); ok && !isAnswer(err) {
			return list, errors.New("--from is no token that sessions list has printed: give that, or nothing for the first page")
		}
		if err != nil {
			return list, err
		}
		var wanted []sessionView
		for _, s := range found {
			if c.All || s.State == dynamostore.Live || s.State == dynamostore.Damaged {
				wanted = append(wanted, viewOf(s))
			}
		}
		if len(list.Sessions) > 0 && len(list.Sessions)+len(wanted) > c.Limit {
			return list, nil
		}
		list.Sessions = append(list.Sessions, wanted...)
		list.Next = next
		if next == "" || len(list.Sessions) == c.Limit {
			return list, nil
		}
	}
}

// isAnswer reports whether it was DynamoDB that said so.
func isAnswer(err error) bool {
	_, ok := errors.AsType[smithy.APIError](err)
	return ok
}

// devices are a subject's sessions.
func devices(ctx context.Context, table *sessionsTable, subject string) ([]sessionView, error) {
	devices, err := table.Devices(ctx, subject)
	if err != nil {
		return nil, err
	}
	ids, err := table.SessionIDs(ctx, subject)
	if err != nil {
		return nil, err
	}
	views := []sessionView{}
	for _, d := range devices {
		views = append(views, sessionView{
			ID: ids[d.ID], State: dynamostore.Live.String(), Subject: subject, Device: d.ID, Label: d.Label,
			Created: d.Created.UTC(), Expires: d.Expires.UTC(), Ends: d.Ends.UTC(),
		})
	}
	return views, nil
}

// print prints the page for people.
func (c *sessionsList) print(w io.Writer, out *terminal, table *sessionsTable, list sessionList, now time.Time) {
	var rows [][]string
	for _, s := range list.Sessions {
		if c.Subject != "" {
			rows = append(rows, []string{printable(s.ID), printable(s.Device), clip(printable(s.Label)), ago(s.Created, now), ago(s.Expires, now), ago(s.Ends, now)})
			continue
		}
		expires := ago(s.Expires, now)
		if !s.Ended.IsZero() {
			expires = ago(s.Ended, now)
		}
		rows = append(rows, []string{s.ID, s.State, clip(printable(cmp.Or(s.Subject, "-"))), ago(s.Created, now), expires, strconv.Itoa(s.Bytes)})
	}
	header := []string{"SESSION", "STATE", "SUBJECT", "CREATED", "EXPIRES", "BYTES"}
	if c.Subject != "" {
		header = []string{"SESSION", "DEVICE", "LABEL", "CREATED", "EXPIRES", "ENDS"}
	}
	switch {
	case len(rows) > 0:
		for i, line := range columns(append([][]string{header}, rows...)) {
			if i == 0 {
				line = out.paint(bold, line)
			}
			fmt.Fprintln(w, line)
		}
	case c.Subject != "":
		fmt.Fprintf(w, "%s has no live session in %s: signed out everywhere, expired, or never signed in by that name.\n", printable(c.Subject), table.place)
	case c.All:
		fmt.Fprintf(w, "No session in %s.\n", table.place)
	default:
		fmt.Fprintf(w, "No live session in %s: a visitor gets one with the first value that is kept. --all lists those that have ended, too.\n", table.place)
	}
	if list.Next != "" {
		fmt.Fprintf(w, "\nThere are more: %s\n", c.again(list.Next))
	}
}

// again is the command that lists the page after this one.
func (c *sessionsList) again(next string) string {
	words := append([]string{"lambdasession", "sessions", "list"}, c.Flags.words()...)
	if c.All {
		words = append(words, "--all")
	}
	if c.Limit != 50 {
		words = append(words, "--limit="+strconv.Itoa(c.Limit))
	}
	return strings.Join(append(words, "--from="+next), " ")
}
