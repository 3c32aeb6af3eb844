// Command lambdasession runs a serverless application on this machine, and looks
// after the sessions in a DynamoDB table, here or in an account.
//
//	lambdasession local     # serves template.yaml on http://localhost:3000
//	lambdasession table     # makes a sessions table, or checks one
//	lambdasession sessions  # lists, shows and revokes what is in it
//	lambdasession completion
//	lambdasession version
//
// Start reading at main.go; local.go is what "lambdasession local" does, step
// by step, and every step has its file.
package main
