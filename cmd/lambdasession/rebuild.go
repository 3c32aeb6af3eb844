package main

import (
	"context"
	"path/filepath"
	"time"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/watch"
)

// newWatcher starts the watch of sources. It returns nil where the system has
// none to give, which is said and no reason to stop.
func newWatcher(out *terminal, templatePath string) *watch.Watcher {
	w, err := watch.New()
	if err == nil {
		err = w.Set(templatePath, watch.Files(templatePath))
	}
	if err != nil {
		out.printf("  %s", out.paint(yellow, "not every change will be seen: "+err.Error()))
	}
	return w
}

// rebuilder keeps functions up to date with their sources.
type rebuilder struct {
	*builder
	template  string               // its path
	functions map[string]*function // by ID
	inMemory  bool                 // where the sessions are
}

// run rebuilds what has changed until ctx ends. It builds one function at a
// time; what changes meanwhile is built once more.
func (r *rebuilder) run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case names, more := <-r.watcher.Changes():
			if !more {
				return nil
			}
			for _, name := range names {
				if name == r.template {
					r.announceTemplate()
				} else if f := r.functions[name]; ctx.Err() == nil {
					r.rebuild(ctx, f)
				}
			}
		}
	}
}

// announceTemplate says what a new template takes: what is in it decides about
// all that was started.
func (r *rebuilder) announceTemplate() {
	notice := filepath.Base(r.template) + " changed: Ctrl-C and start again to apply it"
	r.out.printf("%s", r.out.paint(yellow, notice))
	r.journal.Notice(notice)
}

// rebuild builds a function and swaps it. What does not compile, or does not
// start, is shown; then the program before goes on.
func (r *rebuilder) rebuild(ctx context.Context, f *function) {
	r.journal.Building(f.ID)
	began := time.Now()
	step := r.out.begin("rebuilding " + f.ID)
	same, err := r.renew(ctx, f, step)
	if ctx.Err() != nil {
		return // the command ends
	}
	if same {
		step.add("its program is the same")
	}
	step.end(err)
	r.journal.Built(f.ID, time.Since(began), brief(err))
	switch {
	case err != nil:
		r.out.printf("%s", r.out.paint(red, err.Error()))
		r.out.printf("%s", r.out.paint(yellow, f.ID+" goes on with the program from before"))
	case r.inMemory && !same:
		r.out.printf("  %s", r.out.paint(yellow, "the sessions in memory went with the process from before"))
	}
}

// renew builds a function, starts it, and only then swaps it. It does no more
// than build it if the program is the one that runs.
func (r *rebuilder) renew(ctx context.Context, f *function, step *step) (same bool, err error) {
	p, err := r.build(ctx, f.Function)
	if err != nil {
		return false, err
	}
	if f.isRunning(p) {
		p.remove()
		return true, nil
	}
	next, err := f.start(ctx, p, step)
	if err != nil {
		p.remove()
		return false, err
	}
	f.swap(ctx, next)
	return false, nil
}
