// Package completion lets a shell complete a command line, in two halves: a
// script for each shell, which asks the program at every press of the tab key,
// and the answer, read off the model that kong parses with. So there is one
// place that knows the commands and their flags.
//
// Start reading at suggest.go. What comes in is kong alone.
package completion
