// Command coldstart measures what Lambda does when it makes a new environment,
// on this machine: the size of each bootstrap, and the time from its process's
// start to its first response, under a Lambda Runtime API and on a real DynamoDB
// Local.
//
// Beside the sample's functions it measures the folders with and without, which
// are one small function with and without the session library. They take turns,
// so that whatever slows the machine slows both; their difference is the
// library's own part. The budget: 1 MB and 2 ms.
//
// Lambda gives a function of 512 MB a third of a processor and fetches the
// bootstrap over a network, so its own times are longer; the comparison holds.
//
// Start with main.go.
package main
