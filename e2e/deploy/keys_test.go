package deploy

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestTheSigningKeysAreThoseOfTheSecret: without keys a made-up cookie is looked up
// in the table; with keys it is known for what it is. (That a function does not
// start without permission to read them, roles_test.go shows.)
func TestTheSigningKeysAreThoseOfTheSecret(t *testing.T) {
	t.Parallel()
	administrator, err := built.cloud.admin.Credentials.Retrieve(t.Context()) // roles_test.go takes from the roles meanwhile
	if err != nil {
		t.Fatal(err)
	}
	for environment, reads := range map[string]int{byDefault: 1, inProduction: 0} {
		t.Run(environment, func(t *testing.T) {
			t.Parallel()
			recorded := startRecorder(t, built.cloud.endpoint)
			f := built.stacks[environment].functions["ApiFunction"]
			server, end, err := f.serve(t, "ApiFunction", recorded.URL, administrator)
			if err != nil {
				t.Fatal(err)
			}
			defer end()
			at, err := url.Parse(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			visitor := newVisitor(server)
			visitor.client.Jar.SetCookies(at, []*http.Cookie{{Name: "__Host-session", Value: strings.Repeat("A", 43), Path: "/", Secure: true}})
			before := recorded.count("dynamodb:GetItem")
			visitor.get("/api/cart", `"items":0`)
			if visitor.err != nil {
				t.Fatal(visitor.err)
			}
			if got := recorded.count("dynamodb:GetItem") - before; got != reads {
				t.Errorf("a made-up cookie costs %d reads, want %d", got, reads)
			}
		})
	}
}
