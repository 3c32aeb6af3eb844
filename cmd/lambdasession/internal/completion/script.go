package completion

import _ "embed"

// The scripts run "lambdasession completion words WORD..." with the words of
// the command line after the program's name, up to the one being typed. Each
// line of its output is a word, a tab, and what the word means.
var (
	//go:embed scripts/lambdasession.bash
	Bash string
	//go:embed scripts/lambdasession.zsh
	Zsh string
	//go:embed scripts/lambdasession.fish
	Fish string
)

// Files is printed in place of words where the name of a file is wanted, which
// the shell knows better.
const Files = ":files"
