package arrows

import (
	"fmt"
	"slices"
	"strings"
)

// listed is what go list tells of a package.
type listed struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
	Deps                               []string // of Imports, all the way down
}

// violations names every import that the rooms' rules forbid.
func violations(rooms []room, packages []listed) []string {
	var found []string
	for _, p := range packages {
		name := local(p.ImportPath)
		r, ok := roomOf(rooms, name)
		if !ok {
			found = append(found, name+" is in no room: give it one in rooms_test.go")
			continue
		}
		direct := forbidden(rooms, r, r.may, p.Imports)
		for _, path := range direct {
			found = append(found, fmt.Sprintf("%s imports %s; it may import %q", name, path, r.may))
		}
		more := slices.Concat(r.tests, everyTest)
		for _, path := range forbidden(rooms, r, slices.Concat(r.may, more), slices.Concat(p.TestImports, p.XTestImports)) {
			found = append(found, fmt.Sprintf("%s imports %s in a test; besides its own imports that may be %q", name, path, more))
		}
		if below := forbidden(rooms, r, reach(rooms, r), p.Deps); len(direct) == 0 && len(below) > 0 {
			found = append(found, fmt.Sprintf("%s gets %q through what it imports", name, below))
		}
	}
	return found
}

// forbidden returns those of the paths that the list does not allow to r.
func forbidden(rooms []room, r room, list, paths []string) []string {
	var found []string
	for _, path := range paths {
		if !allowed(rooms, r, list, path) {
			found = append(found, local(path))
		}
	}
	return found
}

// allowed reports whether what is imported at path belongs to the standard
// library, to r itself, or to what the list names.
func allowed(rooms []room, r room, list []string, path string) bool {
	if isStandard(path) {
		return true
	}
	if own := local(path); own != path {
		target, ok := roomOf(rooms, own)
		return ok && (target.path == r.path || slices.Contains(list, target.path))
	}
	return slices.ContainsFunc(list, func(pattern string) bool {
		prefix, below := strings.CutSuffix(pattern, "/...")
		return path == prefix || below && strings.HasPrefix(path, prefix+"/")
	})
}

// reach is what r may import, and what that may import, and so on.
func reach(rooms []room, r room) []string {
	all := slices.Clone(r.may)
	for i := 0; i < len(all); i++ { // all grows
		for _, next := range rooms {
			if next.path == all[i] {
				all = append(all, missing(all, next.may)...)
			}
		}
	}
	return all
}

func missing(have, want []string) []string {
	return slices.DeleteFunc(slices.Clone(want), func(s string) bool { return slices.Contains(have, s) })
}

// roomOf finds the innermost room that holds the folder.
func roomOf(rooms []room, folder string) (best room, ok bool) {
	for _, r := range rooms {
		if (folder == r.path || strings.HasPrefix(folder, r.path+"/")) && len(r.path) > len(best.path) {
			best, ok = r, true
		}
	}
	return best, ok
}

const module = "github.com/lambdasession/lambdasession-go"

// local shortens a path of this module to its folder and leaves any other.
func local(path string) string { return strings.TrimPrefix(path, module+"/") }

// isStandard goes by the go command's own rule: only the standard library has
// no dot in the first element of its paths.
func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}
