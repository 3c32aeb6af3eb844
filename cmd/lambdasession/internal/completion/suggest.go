package completion

import (
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// A Suggestion is a word that may stand where the user is typing, and what it
// means.
type Suggestion struct {
	Word, Help string
}

// Suggest returns what the last of words may become, in the order of the help;
// the others are what stands before it on the command line, the program's name
// left out. Where a file's name is wanted, that is one suggestion: [Files].
func Suggest(program *kong.Application, words []string) []Suggestion {
	if len(words) == 0 {
		words = []string{""}
	}
	typed := words[len(words)-1]
	l := line{node: program.Node, used: map[*kong.Flag]bool{}}
	for _, word := range words[:len(words)-1] {
		l.read(word)
	}
	name, value, assigned := strings.Cut(typed, "=")
	switch {
	case l.wants != nil:
		return beginning(typed, l.wants.Value, "")
	case l.onlyArguments:
		return l.arguments(typed)
	case assigned && strings.HasPrefix(typed, "--"):
		if flag := l.flag(strings.TrimPrefix(name, "--")); flag != nil {
			return beginning(value, flag.Value, name+"=")
		}
		return nil
	case strings.HasPrefix(typed, "-"):
		return l.flags(typed)
	}
	if found := slices.Concat(l.commands(typed), l.arguments(typed)); len(found) > 0 || typed != "" {
		return found
	}
	return l.flags("")
}

// A line is a command line as far as it has been read.
type line struct {
	node          *kong.Node          // the command
	used          map[*kong.Flag]bool // the flags that are there already
	wants         *kong.Flag          // the flag that the next word is the value of
	positional    int                 // how many arguments are there
	onlyArguments bool                // after "--"
}

func (l *line) read(word string) {
	name, _, assigned := strings.Cut(word, "=")
	switch {
	case l.wants != nil:
		l.wants = nil
	case l.onlyArguments:
		l.positional++
	case word == "--":
		l.onlyArguments = true
	case strings.HasPrefix(word, "--"):
		l.use(l.flag(name[len("--"):]), assigned)
	case strings.HasPrefix(word, "-") && len(word) > 1:
		for i, short := range word[1:] {
			flag := l.short(short)
			l.use(flag, i+len("-")+len(string(short)) < len(word))
			if flag != nil && takesValue(flag) {
				break // the rest is its value
			}
		}
	default:
		for _, child := range l.node.Children {
			if child.Name == word || slices.Contains(child.Aliases, word) {
				l.node = child
				return
			}
		}
		l.positional++
	}
}

// use takes down that a flag is there, if there is such a flag, and whether its
// value is.
func (l *line) use(flag *kong.Flag, assigned bool) {
	if flag == nil {
		return
	}
	l.used[flag] = true
	if takesValue(flag) && !assigned {
		l.wants = flag
	}
}

func takesValue(flag *kong.Flag) bool { return !flag.IsBool() && !flag.IsCounter() }

func (l *line) flag(name string) *kong.Flag {
	return l.find(func(f *kong.Flag) bool { return f.Name == name || slices.Contains(f.Aliases, name) })
}

func (l *line) short(name rune) *kong.Flag {
	return l.find(func(f *kong.Flag) bool { return f.Short == name })
}

func (l *line) find(is func(*kong.Flag) bool) *kong.Flag {
	all := slices.Concat(l.node.AllFlags(true)...)
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i]
	}
	return nil
}

// flags are the flags that may come yet.
func (l *line) flags(typed string) []Suggestion {
	var found []Suggestion
	for _, flag := range slices.Concat(l.node.AllFlags(true)...) {
		word := "--" + flag.Name
		if strings.HasPrefix(word, typed) && (!l.used[flag] || flag.IsCumulative()) {
			found = append(found, Suggestion{word, gist(flag.Help)})
		}
	}
	return found
}

// commands are the commands that may follow the one that is there.
func (l *line) commands(typed string) []Suggestion {
	var found []Suggestion
	for _, child := range l.node.Children {
		if !child.Hidden && strings.HasPrefix(child.Name, typed) {
			found = append(found, Suggestion{child.Name, gist(child.Help)})
		}
	}
	return found
}

// arguments are the values that the next argument may have.
func (l *line) arguments(typed string) []Suggestion {
	if l.positional >= len(l.node.Positional) {
		return nil
	}
	return beginning(typed, l.node.Positional[l.positional], "")
}

// beginning returns the values that begin as typed, with what stands before
// them in the same word.
func beginning(typed string, value *kong.Value, before string) []Suggestion {
	if value.Flag != nil && value.Flag.PlaceHolder == "FILE" {
		return []Suggestion{{Word: Files}}
	}
	var found []Suggestion
	for _, word := range value.EnumSlice() {
		if word != "" && strings.HasPrefix(word, typed) {
			found = append(found, Suggestion{Word: before + word})
		}
	}
	return found
}

// gist is the beginning of a help text: what fits beside a word.
func gist(help string) string {
	if i := strings.IndexAny(help, ".;:,("); i >= 0 {
		help = help[:i]
	}
	return strings.TrimSpace(help)
}
