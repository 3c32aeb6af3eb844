package watch

import (
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Sources are the files that make a program: those that are there, and those
// that would belong to it if they were. The zero Sources are none.
type Sources struct {
	packages []source
	files    []string // absolute paths of single files
}

// source is the folder of a package.
type source struct {
	folder string // absolute; it may not be there yet
	embeds []pattern
}

// pattern is one of a //go:embed directive.
// https://pkg.go.dev/embed#hdr-Directives
type pattern struct {
	segments []string // of the path below the package's folder
	hidden   bool     // files that begin with . or _ count as well
}

func newPattern(text string) pattern {
	text, hidden := strings.CutPrefix(text, "all:")
	return pattern{strings.Split(path.Clean(text), "/"), hidden}
}

// Files are the sources of something that is made of single files.
func Files(paths ...string) Sources {
	var s Sources
	for _, p := range paths {
		s.files = append(s.files, resolve(p))
	}
	return s
}

// Holds reports whether what is at the absolute path belongs to s.
func (s Sources) Holds(name string) bool {
	if slices.Contains(s.files, name) {
		return true
	}
	return slices.ContainsFunc(s.packages, func(p source) bool { return p.holds(name) })
}

// folders are those where a change could matter.
func (s Sources) folders() []string {
	found := map[string]bool{}
	for _, file := range s.files {
		found[filepath.Dir(file)] = true
	}
	for _, p := range s.packages {
		found[p.folder] = true
		if len(p.embeds) == 0 {
			continue
		}
		// A folder that cannot be read cannot be embedded: the build says so.
		_ = filepath.WalkDir(p.folder, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return fs.SkipDir
			case !entry.IsDir():
			case name == p.folder || p.embedded(name):
				found[name] = true
			default:
				return fs.SkipDir
			}
			return nil
		})
	}
	return slices.Sorted(maps.Keys(found))
}

func (p source) holds(name string) bool {
	if name == p.folder { // it came or went
		return true
	}
	return filepath.Dir(name) == p.folder && compiled(filepath.Base(name)) || p.embedded(name)
}

// compiled reports whether the go command looks at a file of that name. Names
// that begin with . or _ are left to editors.
func compiled(name string) bool {
	if name[0] == '.' || name[0] == '_' || strings.HasSuffix(name, "_test.go") {
		return false
	}
	return slices.Contains([]string{".go", ".s", ".h"}, filepath.Ext(name))
}

// embedded reports whether a //go:embed directive of the package names what is
// at the path, or a folder above it, or something below it.
func (p source) embedded(name string) bool {
	below, err := filepath.Rel(p.folder, name)
	if err != nil || !filepath.IsLocal(below) {
		return false
	}
	segments := strings.Split(filepath.ToSlash(below), "/")
	return slices.ContainsFunc(p.embeds, func(e pattern) bool { return e.covers(segments) })
}

func (e pattern) covers(segments []string) bool {
	for i, segment := range segments {
		if i < len(e.segments) {
			if match, err := path.Match(e.segments[i], segment); err != nil || !match {
				return false
			}
		} else if !e.hidden && (segment[0] == '.' || segment[0] == '_') {
			return false
		}
	}
	return true
}

// resolve returns the one path that the system names a file by: absolute, and
// without symbolic links in as much of it as is there.
func resolve(name string) string {
	name, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	if real, err := filepath.EvalSymlinks(name); err == nil {
		return real
	}
	parent := filepath.Dir(name)
	if parent == name {
		return name
	}
	return filepath.Join(resolve(parent), filepath.Base(name))
}
