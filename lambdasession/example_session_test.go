package lambdasession_test

import (
	"context"
	"fmt"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

func ExampleSession_Subject() {
	visitor := newGuest(inMemory())
	whoAmI := func(ctx context.Context) {
		subject, err := lambdasession.From(ctx).Subject()
		switch {
		case err != nil:
			fmt.Println("the session cannot be read:", err)
		case subject == "":
			fmt.Println("please sign in")
		default:
			fmt.Println("signed in as", subject)
		}
	}

	visitor.visit(whoAmI)
	visitor.visit(func(ctx context.Context) { _ = lambdasession.From(ctx).SetSubject("user-17", "Firefox on Linux") })
	visitor.visit(whoAmI)
	// Output:
	// please sign in
	// signed in as user-17
}

// Signing in gives the session a new key, so that whoever planted or saw the
// old cookie has nothing. What is in the cart stays.
func ExampleSession_SetSubject() {
	cart := lambdasession.NewField[[]string]("cart")
	visitor := newGuest(inMemory())

	visitor.visit(func(ctx context.Context) { _ = cart.Set(lambdasession.From(ctx), []string{"tea"}) })
	old := *visitor
	visitor.visit(func(ctx context.Context) {
		// The password was right.
		_ = lambdasession.From(ctx).SetSubject("user-17", "Firefox on Linux")
	})

	look := func(ctx context.Context) {
		s := lambdasession.From(ctx)
		subject, _ := s.Subject()
		items, _ := cart.Get(s)
		fmt.Printf("%q %v\n", subject, items)
	}
	visitor.visit(look)
	old.visit(look)
	// Output:
	// "user-17" [tea]
	// "" []
}

func ExampleSession_Info() {
	cart := lambdasession.NewField[[]string]("cart")
	visitor := newGuest(inMemory())
	visitor.visit(func(ctx context.Context) {
		s := lambdasession.From(ctx)
		_ = cart.Set(s, []string{"tea", "milk"})
		_ = s.SetSubject("user-17", "")
	})

	visitor.visit(func(ctx context.Context) {
		info, err := lambdasession.From(ctx).Info()
		fmt.Println(info.Subject, err)
		fmt.Println("ends", info.Ends.Sub(info.Created).Round(time.Minute), "after it began")
		fmt.Println("bytes of each field:", info.Fields)
	})
	// Output:
	// user-17 <nil>
	// ends 12h0m0s after it began
	// bytes of each field: map[cart:14]
}

// Renew when the visitor's rights change, such as after a second factor.
func ExampleSession_Renew() {
	level := lambdasession.NewField[int]("level")
	visitor := newGuest(inMemory())
	visitor.visit(func(ctx context.Context) { _ = level.Set(lambdasession.From(ctx), 1) })
	before := visitor.cookie

	visitor.visit(func(ctx context.Context) {
		s := lambdasession.From(ctx)
		_ = level.Set(s, 2)
		_ = s.Renew()
	})
	fmt.Println("another cookie:", visitor.cookie != before)
	visitor.visit(func(ctx context.Context) {
		n, _ := level.Get(lambdasession.From(ctx))
		fmt.Println("level", n)
	})
	// Output:
	// another cookie: true
	// level 2
}

func ExampleSession_Clear() {
	cart := lambdasession.NewField[[]string]("cart")
	inSession(func(ctx context.Context) {
		s := lambdasession.From(ctx)
		_ = s.SetSubject("user-17", "")
		_ = cart.Set(s, []string{"tea"})

		_ = s.Clear() // the order is placed: drop all values, stay signed in

		subject, _ := s.Subject()
		items, _ := cart.Get(s)
		fmt.Println(subject, items)
	})
	// Output: user-17 []
}

func ExampleSession_Destroy() {
	visitor := newGuest(inMemory())
	visitor.visit(func(ctx context.Context) { _ = lambdasession.From(ctx).SetSubject("user-17", "") })
	stolen := *visitor

	visitor.visit(func(ctx context.Context) { _ = lambdasession.From(ctx).Destroy() }) // sign out

	fmt.Println(visitor.cookie)
	stolen.visit(func(ctx context.Context) {
		subject, err := lambdasession.From(ctx).Subject()
		fmt.Printf("%q %v\n", subject, err)
	})
	// Output:
	// __Host-session=
	// "" <nil>
}

// Ended tells a session that has just ended, by a sign-in or a sign-out in
// another tab, from none at all: the page can say "reload" and not "sign in".
func ExampleSession_Status() {
	name := lambdasession.NewField[string]("name")
	visitor := newGuest(inMemory())
	visitor.visit(func(ctx context.Context) {
		s := lambdasession.From(ctx)
		fmt.Println(s.Status())
		_ = name.Set(s, "Ada")
		fmt.Println(s.Status())
		_ = s.Renew()
		fmt.Println(s.Status())
		_ = s.Destroy()
		fmt.Println(s.Status())
		_ = name.Set(s, "Grace") // begins a new session
	})

	secondTab := *visitor
	visitor.visit(func(ctx context.Context) { _ = lambdasession.From(ctx).Renew() })
	secondTab.visit(func(ctx context.Context) {
		s := lambdasession.From(ctx)
		_, _ = name.Get(s)
		fmt.Println(s.Status())
	})
	// Output:
	// Unchanged
	// Changed
	// Renewed
	// Destroyed
	// Ended
}
