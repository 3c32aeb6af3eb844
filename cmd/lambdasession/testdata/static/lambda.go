//go:build lambda.norpc && !cgo

package main

const builtFor = "Lambda"
