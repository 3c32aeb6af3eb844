package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/lambdasession/lambdasession-go/store"
)

// sessionsRevoke is "lambdasession sessions revoke".
type sessionsRevoke struct {
	IDs     []string `arg:"" optional:"" name:"id" help:"The ids of sessions, as sessions list tells them."`
	Subject string   `placeholder:"SUBJECT" help:"Revoke sessions of this subject: those of each --device, or --all."`
	Device  []string `placeholder:"DEVICE" sep:"none" help:"Revoke the subject's session on this device. May be repeated."`
	All     bool     `help:"Revoke all sessions of the subject, and refuse sign-ins that are under way."`
	Keep    string   `placeholder:"DEVICE" help:"With --all: spare the session on this device."`
	Yes     bool     `short:"y" help:"Do not ask."`

	Flags tableFlags `embed:""`
}

// Help is what --help says beside the flags.
func (sessionsRevoke) Help() string {
	return `Ends sessions at once, after asking: their cookies are worth nothing any more.
One that was renewed a moment ago is ended as what it was renewed to. Those that
cannot be ended do not keep it from ending the others: it tells of each, and
ends with 1.

    lambdasession sessions revoke --table sessions ID
    lambdasession sessions revoke --table sessions --subject ada --device DEVICE
    lambdasession sessions revoke --table sessions --subject ada --all

It needs the permissions dynamodb:UpdateItem, GetItem and DeleteItem, with
--subject also PutItem, Query and BatchGetItem.

` + tableHelp + sessionsExits
}

// Validate refuses what does not say which sessions, or cannot be asked about.
func (c *sessionsRevoke) Validate() error {
	switch {
	case len(c.IDs) == 0 && c.Subject == "":
		return errors.New("which sessions? Name their ids, or --subject with --device or --all")
	case len(c.IDs) > 0 && c.Subject != "":
		return errors.New("name either ids or --subject")
	case c.Subject == "" && (len(c.Device) > 0 || c.All || c.Keep != ""):
		return errors.New("--device, --all and --keep go with --subject")
	case c.Subject != "" && (len(c.Device) > 0) == c.All:
		return errors.New("with --subject, name each --device, or --all")
	case c.Keep != "" && !c.All:
		return errors.New("--keep goes with --all")
	case slices.ContainsFunc(c.IDs, func(id string) bool { return !isID(id) }):
		return errNoID
	case !c.Yes && !isTerminal(os.Stdin):
		return errors.New("nobody is there to be asked: --yes revokes without asking")
	}
	return nil
}

// Run revokes them.
func (c *sessionsRevoke) Run(ctx context.Context, k *kong.Context, out *terminal) error {
	table, err := c.Flags.open(ctx)
	if err != nil {
		return err
	}
	return c.revoke(ctx, table, out, func(ctx context.Context, question string) error {
		if c.Yes {
			return nil
		}
		return confirm(ctx, os.Stdin, k.Stderr, question)
	})
}

// revoke ends the sessions if the question is answered without an error.
func (c *sessionsRevoke) revoke(ctx context.Context, table *sessionsTable, out *terminal, ask func(context.Context, string) error) error {
	if c.All {
		return c.revokeAll(ctx, table, out, ask)
	}
	end, targets := table.End, c.IDs
	name := short
	question := fmt.Sprintf("Revoke %s?", count(len(c.IDs)))
	if c.Subject != "" {
		end = func(ctx context.Context, device string) error { return table.Revoke(ctx, c.Subject, device) }
		targets = c.Device
		name = func(device string) string { return "on device " + printable(device) }
		question = fmt.Sprintf("Revoke %s of %s?", count(len(c.Device)), printable(c.Subject))
	}
	if err := ask(ctx, question); err != nil {
		return err
	}
	var problems []error
	for _, target := range targets {
		err := end(ctx, target)
		ended, isEnded := errors.AsType[*store.EndedError](err)
		switch {
		case err == nil:
			out.printf("Revoked: session %s", name(target))
		case isEnded:
			problems = append(problems, fmt.Errorf("session %s: ended already, at %s", name(target), ended.At.UTC().Format(time.RFC3339)))
		case errors.Is(err, store.ErrNotFound):
			problems = append(problems, fmt.Errorf("session %s: there is none that lives; sessions list tells those that do", name(target)))
		default:
			problems = append(problems, fmt.Errorf("session %s: %w", name(target), table.explain(ctx, err)))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(problems...)
}

// revokeAll ends all sessions of the subject but the one that is kept.
func (c *sessionsRevoke) revokeAll(ctx context.Context, table *sessionsTable, out *terminal, ask func(context.Context, string) error) error {
	devices, err := table.Devices(ctx, c.Subject)
	if err != nil {
		return table.explain(ctx, err)
	}
	subject, all := printable(c.Subject), "all sessions"
	if c.Keep != "" {
		kept := func(d store.Device) bool { return d.ID == c.Keep }
		if !slices.ContainsFunc(devices, kept) {
			return fmt.Errorf("%s has no live session on the device to keep, %s: nothing was revoked", subject, printable(c.Keep))
		}
		devices = slices.DeleteFunc(devices, kept)
		all += " but that on " + printable(c.Keep)
	}
	if err := ask(ctx, fmt.Sprintf("Revoke %s of %s (%d now)?", all, subject, len(devices))); err != nil {
		return err
	}
	if _, err := table.RevokeAll(ctx, c.Subject, c.Keep); err != nil {
		return fmt.Errorf("revoking the sessions of %s: %w\nSome may live: once more goes on with them", subject, table.explain(ctx, err))
	}
	lines := []string{fmt.Sprintf("Revoked: %s of %s", count(len(devices)), subject)}
	for _, d := range devices {
		lines = append(lines, fmt.Sprintf("  on device %s %s", printable(d.ID), clip(printable(d.Label))))
	}
	out.printf("%s", strings.Join(lines, "\n"))
	return nil
}

// count is a number of sessions.
func count(n int) string {
	if n == 1 {
		return "1 session"
	}
	return fmt.Sprintf("%d sessions", n)
}
