package completion_test

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/completion"
)

// program is the grammar of a small program with all that the real one has.
type program struct {
	Serve struct {
		Template string   `short:"t" placeholder:"FILE" help:"The template; else the one that is here."`
		Store    string   `enum:"disk,memory" default:"disk" help:"Where things are kept: on disk."`
		Env      []string `short:"e" help:"A variable."`
		Verbose  bool     `short:"v" help:"Say more."`
		Secret   string   `hidden:""`
	} `cmd:"" help:"Serve it."`
	Things struct {
		List struct{} `cmd:"" help:"List them."`
		Show struct {
			Form string `arg:"" enum:"text,json" help:"The form."`
			ID   string `arg:"" optional:""`
		} `cmd:"" aliases:"get" help:"Show one."`
	} `cmd:"" help:"Look at things."`
	Internal struct{} `cmd:"" hidden:""`
}

func TestSuggest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, line string // the last word is being typed
		want       string
	}{
		{"nothing yet: the commands", "", "serve things"},
		{"a command's beginning", "th", "things"},
		{"what no command begins with", "x", ""},
		{"a hidden command is not for people", "in", ""},
		{"a command's own commands", "things ", "list show"},
		{"flags, where nothing else may come", "things list ", "--help"},
		{"flags, in the order of the help, none hidden", "serve --", "--help --template --store --env --verbose"},
		{"a flag's beginning", "serve --st", "--store"},
		{"a flag that is there is there", "serve --verbose --ve", ""},
		{"one that is there by its short name, too", "serve -v --ve", ""},
		{"one that may be repeated", "serve --env A=1 --en", "--env"},
		{"a flag's values", "serve --store ", "disk memory"},
		{"a flag's value after =", "serve --store=m", "--store=memory"},
		{"a value that is any text", "serve --env ", ""},
		{"the name of a file is the shell's business", "serve --template ", ":files"},
		{"after = as well", "serve --template=ab", ":files"},
		{"after a short flag as well", "serve -t ", ":files"},
		{"after several short flags in one word", "serve -vt ", ":files"},
		{"a short flag with its value in one word wants no other", "serve -tfile --st", "--store"},
		{"a flag's value is no command", "serve --env things --st", "--store"},
		{"what = assigns is no next word", "serve --template=x --st", "--store"},
		{"an argument's values", "things show ", "text json"},
		{"by a command's other name", "things get j", "json"},
		{"the argument after it", "things show json ", "--help"},
		{"flags between arguments", "things show --h", "--help"},
		{"after -- there are no flags", "things show -- --h", ""},
		{"after -- there are arguments", "things show -- t", "text"},
		{"a flag that there is not", "serve --nothing=", ""},
		{"a flag that there is not takes no value", "serve --nothing --st", "--store"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k, err := kong.New(&program{}, kong.Name("program"))
			if err != nil {
				t.Fatal(err)
			}
			var words []string
			for _, s := range completion.Suggest(k.Model, strings.Split(c.line, " ")) {
				words = append(words, s.Word)
			}
			if diff := cmp.Diff(c.want, strings.Join(words, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}

	t.Run("a suggestion says in a few words what it means", func(t *testing.T) {
		t.Parallel()
		k, err := kong.New(&program{})
		if err != nil {
			t.Fatal(err)
		}
		want := []completion.Suggestion{{Word: "--store", Help: "Where things are kept"}}
		if diff := cmp.Diff(want, completion.Suggest(k.Model, []string{"serve", "--st"})); diff != "" {
			t.Error(diff)
		}
	})

	t.Run("no word at all is the beginning of the first", func(t *testing.T) {
		t.Parallel()
		k, err := kong.New(&program{})
		if err != nil {
			t.Fatal(err)
		}
		if got := completion.Suggest(k.Model, nil); len(got) != 2 {
			t.Errorf("got %v, want two commands", got)
		}
	})
}
