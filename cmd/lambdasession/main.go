package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// Exit statuses. They are the ones of the go command.
const (
	exitFailure = 1
	exitUsage   = 2
)

// commandLine is what the user may type.
type commandLine struct {
	Local      localCommand      `cmd:"" help:"Serve the HTTP API of a SAM template on this machine."`
	Table      tableCommand      `cmd:"" help:"Make or check the DynamoDB table that sessions are in."`
	Sessions   sessionsCommand   `cmd:"" help:"List, show and revoke sessions in a DynamoDB table."`
	Completion completionCommand `cmd:"" help:"Print a script that lets the tab key complete this command."`
	Version    versionCommand    `cmd:"" help:"Print the version of this command."`
}

func main() {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		signals = append(signals, syscall.SIGHUP) // the terminal was closed
	}
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	// The first signal ends the command in order, the second one at once.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:]))
}

// run is main with an exit status.
func run(ctx context.Context, args []string) int {
	var line commandLine
	parser := kong.Must(&line,
		kong.Name("lambdasession"),
		kong.Description("Sessions for Go on AWS Lambda, and a Lambda on your machine to try them on."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true, NoExpandSubcommands: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(newTerminal(os.Stdout)),
	)
	if len(args) == 0 {
		args = []string{"--help"} // ends the program
	}
	command, err := parser.Parse(idsLast(args))
	if err != nil {
		fmt.Fprintf(os.Stderr, "lambdasession: %v\nlambdasession --help lists the commands, lambdasession COMMAND --help the flags.\n", err)
		return exitUsage
	}
	if err := command.Run(); err != nil {
		fmt.Fprintf(os.Stderr, "lambdasession: %v\n", err)
		return exitFailure
	}
	return 0
}
