package watch

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/fsnotify/fsnotify"
)

// Watcher tells of changes in the sources of programs. It is safe for concurrent
// use. Close it when done.
//
// It watches folders, not files, since many editors write a new file and move it
// over the old one. A folder that is not there is awaited in the nearest one
// above it that is.
type Watcher struct {
	system  *fsnotify.Watcher
	lost    chan struct{} // the system could not tell of every change; buffered
	changed chan string   // to settle
	changes chan []string
	running sync.WaitGroup

	mu       sync.Mutex
	programs map[string]program // by name; guarded by mu
	wanted   map[string]bool    // the folders of all programs: is it there?; guarded by mu
}

type program struct {
	sources Sources
	folders []string
}

// New starts a watcher of nothing.
func New() (*Watcher, error) {
	system, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching for changes: %w", err)
	}
	w := &Watcher{
		system:   system,
		lost:     make(chan struct{}, 1),
		changed:  make(chan string),
		changes:  make(chan []string),
		programs: map[string]program{},
		wanted:   map[string]bool{},
	}
	w.running.Go(w.listen) // all end by Close
	w.running.Go(w.listenForErrors)
	w.running.Go(func() { settle(w.changed, w.changes) })
	return w, nil
}

// Changes gives the names, sorted, of the programs whose sources have changed:
// all that have while nobody received, once a burst of changes is over. It is
// closed by Close.
func (w *Watcher) Changes() <-chan []string { return w.changes }

// Set says which sources the program of that name has from now on. Whoever
// builds the program calls it before: so no change is missed. The error says
// what the system refuses to watch; the rest is watched.
func (w *Watcher) Set(name string, s Sources) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.programs[name] = program{s, s.folders()}
	clear(w.wanted)
	for _, p := range w.programs {
		for _, folder := range p.folders {
			w.wanted[folder] = false
		}
	}
	_, err := w.watch()
	return err
}

// Close ends the watch. It returns when nothing of it is left.
func (w *Watcher) Close() error {
	err := w.system.Close()
	w.running.Wait()
	return err
}

// listen hears what has changed, until Close.
func (w *Watcher) listen() {
	defer close(w.changed)
	for {
		var names []string
		select {
		case event, more := <-w.system.Events:
			if !more {
				return
			}
			names = w.see(event)
		case <-w.lost:
			names = w.names() // anything may have changed
		}
		for _, name := range names {
			w.changed <- name
		}
	}
}

// listenForErrors must wait for nobody: the system may hold its own lock while
// it tells of one.
func (w *Watcher) listenForErrors() {
	for err := range w.system.Errors {
		if errors.Is(err, fsnotify.ErrEventOverflow) {
			select {
			case w.lost <- struct{}{}:
			default:
			}
		}
	}
}

// see returns the names of the programs to which a change belongs.
func (w *Watcher) see(event fsnotify.Event) []string {
	const moved = fsnotify.Create | fsnotify.Remove | fsnotify.Rename
	if !event.Has(fsnotify.Write | moved) {
		return nil // its attributes alone
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	var turned []string
	if event.Has(moved) {
		gone := event.Has(fsnotify.Remove | fsnotify.Rename)
		if gone {
			w.forget(event.Name)
		}
		turned, _ = w.watch() // what is refused here was refused before, or is gone
		if gone {             // others may be in their place already
			turned = slices.AppendSeq(turned, below(event.Name, maps.Keys(w.wanted)))
		}
	}
	var names []string
	for name, p := range w.programs {
		if p.sources.Holds(event.Name) || slices.ContainsFunc(turned, func(f string) bool { return slices.Contains(p.folders, f) }) {
			names = append(names, name)
		}
	}
	return names
}

// forget ends the watch of a folder and of those below it: what has moved away
// would be watched still, by its old name. The caller holds mu.
func (w *Watcher) forget(folder string) {
	for name := range below(folder, slices.Values(w.system.WatchList())) {
		_ = w.system.Remove(name) // or it is gone
	}
}

// below gives those of the names that are the folder's or below it.
func below(folder string, names iter.Seq[string]) iter.Seq[string] {
	return func(yield func(string) bool) {
		for name := range names {
			if (name == folder || strings.HasPrefix(name, folder+string(filepath.Separator))) && !yield(name) {
				return
			}
		}
	}
}

func (w *Watcher) names() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Collect(maps.Keys(w.programs))
}

// watch has the system watch each wanted folder, or the nearest one above it,
// and nothing else. It returns the wanted folders that have come or gone since the
// last time: what is in a new one may have been written before the system
// watched. The caller holds mu.
func (w *Watcher) watch() (turned []string, err error) {
	watched := map[string]bool{} // by the system; false if it need not be
	for _, folder := range w.system.WatchList() {
		watched[folder] = false
	}
	for folder, was := range w.wanted {
		there, refused := w.watchNearest(folder, watched)
		if refused != nil {
			err = errors.Join(err, fmt.Errorf("watching %s: %w", there, refused))
			continue
		}
		watched[there] = true
		if is := there == folder; is != was {
			w.wanted[folder] = is
			turned = append(turned, folder)
		}
	}
	for folder, needed := range watched {
		if !needed {
			_ = w.system.Remove(folder) // or it is gone
		}
	}
	return turned, err
}

// watchNearest has the system watch the nearest folder unless it does. It looks
// again afterwards: a nearer one may have come before the system watched.
func (w *Watcher) watchNearest(folder string, watched map[string]bool) (there string, err error) {
	for {
		there = nearest(folder)
		if _, done := watched[there]; !done {
			err = w.system.Add(there)
		}
		if nearest(folder) == there {
			return there, err
		}
	}
}

// nearest is the folder itself if it is there, or else the nearest one above it.
func nearest(folder string) string {
	for {
		info, err := os.Stat(folder)
		parent := filepath.Dir(folder)
		if err == nil && info.IsDir() || parent == folder {
			return folder
		}
		folder = parent
	}
}
