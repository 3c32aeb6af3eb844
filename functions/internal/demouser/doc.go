// Package demouser knows the two people who may sign in to the sample
// functions. It stands where a real application asks its user database.
package demouser
