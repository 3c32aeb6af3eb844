// Package watch says which programs a changed file belongs to, as soon as it has
// changed.
//
// Start with [Watcher]: it is given the [Sources] of each program by a name, and
// sends names. [List] asks the go command for a program's sources: the packages
// of its own modules with what they embed, and the files that choose the
// versions of all others. What is in the module cache does not change.
//
// sources.go knows which files count, watcher.go asks the system to tell of
// them, settle.go waits until a burst of changes is over. While nothing changes
// nothing runs.
package watch
