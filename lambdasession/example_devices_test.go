package lambdasession_test

import (
	"context"
	"fmt"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// signedInOn returns a browser that is signed in as user-17.
func signedInOn(sessions *lambdasession.Manager, device string) *guest {
	browser := newGuest(sessions)
	browser.visit(func(ctx context.Context) { _ = lambdasession.From(ctx).SetSubject("user-17", device) })
	return browser
}

// printSubject prints who a browser is signed in as.
func printSubject(browser *guest, device string) {
	browser.visit(func(ctx context.Context) {
		subject, _ := lambdasession.From(ctx).Subject()
		fmt.Printf("%s: %q\n", device, subject)
	})
}

func ExampleManager_Sessions() {
	sessions := inMemory()
	laptop := signedInOn(sessions, "laptop")
	signedInOn(sessions, "phone")

	laptop.visit(func(ctx context.Context) {
		devices, err := sessions.Sessions(ctx, "user-17")
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, d := range devices {
			fmt.Println(d.Label, d.Current)
		}
	})
	// Output:
	// laptop true
	// phone false
}

// A page that lists the devices can let its reader end any of them.
func ExampleManager_Revoke() {
	sessions := inMemory()
	laptop, phone := signedInOn(sessions, "laptop"), signedInOn(sessions, "phone")

	laptop.visit(func(ctx context.Context) {
		devices, _ := sessions.Sessions(ctx, "user-17")
		for _, d := range devices {
			if d.Label == "phone" {
				fmt.Println(sessions.Revoke(ctx, "user-17", d.ID))
			}
		}
	})
	printSubject(laptop, "laptop")
	printSubject(phone, "phone")
	// Output:
	// <nil>
	// laptop: "user-17"
	// phone: ""
}

func ExampleManager_RevokeOthers() {
	sessions := inMemory()
	laptop, phone, library := signedInOn(sessions, "laptop"), signedInOn(sessions, "phone"), signedInOn(sessions, "library")

	phone.visit(func(ctx context.Context) { fmt.Println(sessions.RevokeOthers(ctx, "user-17")) })
	printSubject(laptop, "laptop")
	printSubject(phone, "phone")
	printSubject(library, "library")
	// Output:
	// <nil>
	// laptop: ""
	// phone: "user-17"
	// library: ""
}

// After a change of password nothing that was opened with the old one may go
// on. Whoever changed it stays signed in, in a new session.
func ExampleManager_RevokeAll() {
	sessions := inMemory()
	laptop, thief := signedInOn(sessions, "laptop"), signedInOn(sessions, "somewhere")

	laptop.visit(func(ctx context.Context) {
		if err := sessions.RevokeAll(ctx, "user-17"); err != nil {
			fmt.Println(err)
			return
		}
		_ = lambdasession.From(ctx).SetSubject("user-17", "laptop")
	})
	printSubject(laptop, "laptop")
	printSubject(thief, "thief")
	// Output:
	// laptop: "user-17"
	// thief: ""
}
