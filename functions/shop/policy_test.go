package main

import (
	"maps"
	"net/url"
	"os"
	"regexp"
	"slices"
	"testing"
)

// TestThePolicyAllowsWhatTheShopDoes compares the permissions in the template
// with the calls of a visit to every page that uses the session.
func TestThePolicyAllowsWhatTheShopDoes(t *testing.T) {
	t.Parallel()
	at, meter := openShopOnDynamoDB(t)
	desk := newBrowser(t, at)
	desk.add("brass-ruler")
	desk.signIn("ada", "analytical-engine")
	newDevice(t, at, telephone)
	tablet := newDevice(t, at, "Tablet/1.0")
	desk.post("/account/signout", desk.get("/account").form("/account/signout", ""))
	desk.post("/account/signout-others", nil)
	desk.post("/account/password", url.Values{"current": {"analytical-engine"}, "new": {"fifteen letters"}})
	wantSignedIn(t, "a device after all this", tablet, false)
	desk.post("/signout", nil)

	// A transaction needs the permissions of what is in it, and only a check is
	// in nothing else.
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
	needed := map[string]bool{"ConditionCheckItem": true}
	for _, call := range meter.Calls() {
		if call.Operation != "TransactWriteItems" {
			needed[call.Operation] = true
		}
	}

	template, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	allowed := map[string]bool{}
	for _, action := range regexp.MustCompile(`- dynamodb:(\S+)`).FindAllSubmatch(template, -1) {
		allowed[string(action[1])] = true
	}
	if want, got := slices.Sorted(maps.Keys(needed)), slices.Sorted(maps.Keys(allowed)); !slices.Equal(got, want) {
		t.Errorf("the template allows %v, and the shop needs %v", got, want)
	}
}
