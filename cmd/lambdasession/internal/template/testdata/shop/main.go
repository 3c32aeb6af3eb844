// Command shop stands for a function: only its place matters.
package main

func main() {}
