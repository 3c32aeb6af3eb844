package main

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"
)

// sessionsCommand is "lambdasession sessions".
type sessionsCommand struct {
	List   sessionsList   `cmd:"" help:"List the sessions of a table, or those of a subject."`
	Show   sessionsShow   `cmd:"" help:"Show one session with its values."`
	Revoke sessionsRevoke `cmd:"" help:"End sessions: who has one is signed out."`
}

// sessionsExits is what the help of each command says of how it ends.
const sessionsExits = `

It ends with 0 if all went well, with 1 if not, with 2 if it was called wrongly.
A terminal gets colours, unless NO_COLOR is set.`

// isID reports whether s has the form of a session's id. So has a key: what is
// not in the table is therefore not repeated in messages.
func isID(s string) bool {
	digest, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return err == nil && len(digest) == 32 && !strings.ContainsAny(s, "\r\n") // which decoding leaves out
}

var errNoID = errors.New("that is no session's id: sessions list tells them, each of 43 letters, digits, '-' and '_'")

// short is enough of an id to know it by, and of a key to not.
func short(id string) string { return id[:8] + "..." }

// idsLast puts ids that begin with a hyphen, as one in 64 does, to where none is
// taken for a flag: behind "--".
func idsLast(args []string) []string {
	var first, last []string
	for i, arg := range args {
		if arg == "--" {
			last = append(last, args[i+1:]...)
			break
		}
		if strings.HasPrefix(arg, "-") && isID(arg) {
			last = append(last, arg)
		} else {
			first = append(first, arg)
		}
	}
	if len(last) == 0 {
		return args
	}
	return slices.Concat(first, []string{"--"}, last)
}
