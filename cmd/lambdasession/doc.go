// Command lambdasession runs a serverless application on this machine.
//
//	lambdasession local     # serves template.yaml on http://localhost:3000
//	lambdasession version
//
// Start reading at main.go; local.go is what "lambdasession local" does, step
// by step, and every step has its file.
package main
