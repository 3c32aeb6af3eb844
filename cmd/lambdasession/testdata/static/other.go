//go:build !lambda.norpc || cgo

package main

const builtFor = "something else"
