package main

import (
	"fmt"
	"io"

	"github.com/alecthomas/kong"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/completion"
)

// completionCommand is "lambdasession completion".
type completionCommand struct {
	Bash  bashCompletion  `cmd:"" help:"Print the script for bash."`
	Zsh   zshCompletion   `cmd:"" help:"Print the script for zsh."`
	Fish  fishCompletion  `cmd:"" help:"Print the script for fish."`
	Words completionWords `cmd:"" hidden:"" passthrough:"" help:"Print what the last word may become: the scripts ask for it."`
}

// Help is what --help says beside the shells.
func (completionCommand) Help() string {
	return `The tab key then completes commands, flags and their values. For the shell at
hand:

    eval "$(lambdasession completion bash)"
    eval "$(lambdasession completion zsh)"
    lambdasession completion fish | source

For every new shell, put that line into ~/.bashrc, ~/.zshrc or
~/.config/fish/config.fish.`
}

type (
	bashCompletion struct{}
	zshCompletion  struct{}
	fishCompletion struct{}
)

// Run prints the script.
func (bashCompletion) Run(k *kong.Context) error { return printScript(k.Stdout, completion.Bash) }

// Run prints the script.
func (zshCompletion) Run(k *kong.Context) error { return printScript(k.Stdout, completion.Zsh) }

// Run prints the script.
func (fishCompletion) Run(k *kong.Context) error { return printScript(k.Stdout, completion.Fish) }

func printScript(w io.Writer, script string) error {
	_, err := io.WriteString(w, script)
	return err
}

// completionWords is what the scripts run.
type completionWords struct {
	Words []string `arg:"" optional:""`
}

// Run prints a line for each suggestion.
func (c *completionWords) Run(k *kong.Context) error {
	for _, s := range completion.Suggest(k.Model, c.Words) {
		if _, err := fmt.Fprintf(k.Stdout, "%s\t%s\n", s.Word, s.Help); err != nil {
			return err
		}
	}
	return nil
}
