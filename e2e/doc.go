// Package e2e tests the command as its users meet it: as a program in a shell,
// and as a shop in a browser and in curl.
//
// main_test.go builds the command once a run; local_test.go runs "lambdasession
// local" on the sample shop. The scripts are in testdata/script.
//
// It needs curl and Chromium (Debian: apt-get install curl chromium), and what
// localtest needs for DynamoDB Local.
package e2e
