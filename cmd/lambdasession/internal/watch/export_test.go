package watch

// Delay has the watcher see nothing until resume is called, as on a machine that
// is busy.
func (w *Watcher) Delay() (resume func()) {
	w.mu.Lock()
	return w.mu.Unlock
}
