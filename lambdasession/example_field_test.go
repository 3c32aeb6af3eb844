package lambdasession_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

func ExampleNewField() {
	type Cart struct {
		Items map[string]int
	}
	// In a program these are package variables. What changes at different
	// times belongs into different fields: only the changed ones are written.
	cart := lambdasession.NewField[Cart]("cart")
	language := lambdasession.NewField[string]("language")

	inSession(func(ctx context.Context) {
		s := lambdasession.From(ctx)
		_ = cart.Set(s, Cart{Items: map[string]int{"tea": 2}})
		_ = language.Set(s, "en")
		c, _ := cart.Get(s)
		l, _ := language.Get(s)
		fmt.Println(c.Items["tea"], l)
	})
	// Output: 2 en
}

func ExampleField_Get() {
	language := lambdasession.NewField[string]("language")

	inSession(func(ctx context.Context) {
		l, err := language.Get(lambdasession.From(ctx))
		fmt.Printf("%q %v\n", l, err) // an absent field is the zero value
	})
	// Output: "" <nil>
}

func ExampleField_Lookup() {
	newsletter := lambdasession.NewField[bool]("newsletter")

	inSession(func(ctx context.Context) {
		s := lambdasession.From(ctx)
		_, answered, _ := newsletter.Lookup(s)
		fmt.Println("answered:", answered)

		_ = newsletter.Set(s, false)
		yes, answered, _ := newsletter.Lookup(s)
		fmt.Println("answered:", answered, yes)
	})
	// Output:
	// answered: false
	// answered: true false
}

// Set is for values that do not depend on the one before: it reads nothing, and
// the last of several requests wins.
func ExampleField_Set() {
	language := lambdasession.NewField[string]("language")
	visitor := newGuest(inMemory())

	visitor.visit(func(ctx context.Context) {
		if err := language.Set(lambdasession.From(ctx), "fr"); err != nil {
			fmt.Println(err)
		}
	})
	visitor.visit(func(ctx context.Context) {
		l, _ := language.Get(lambdasession.From(ctx))
		fmt.Println(l)
	})
	// Output: fr
}

// Update is for values that are made of the one before: of several requests at
// once, none is lost.
func ExampleField_Update() {
	type Cart struct {
		Items map[string]int
	}
	cart := lambdasession.NewField[Cart]("cart")
	errTooMany := errors.New("we have only three of these")
	add := func(sku string, n int) func(Cart) (Cart, error) {
		return func(c Cart) (Cart, error) {
			if c.Items == nil {
				c.Items = map[string]int{}
			}
			c.Items[sku] += n
			if c.Items[sku] > 3 {
				return c, errTooMany // changes nothing
			}
			return c, nil
		}
	}

	inSession(func(ctx context.Context) {
		s := lambdasession.From(ctx)
		c, err := cart.Update(s, add("tea", 2))
		fmt.Println(c.Items, err)
		_, err = cart.Update(s, add("tea", 2))
		fmt.Println(err)
		c, _ = cart.Get(s)
		fmt.Println(c.Items)
	})
	// Output:
	// map[tea:2] <nil>
	// we have only three of these
	// map[tea:2]
}

// Pop is for messages that are shown once, on the next page.
func ExampleField_Pop() {
	flash := lambdasession.NewField[string]("flash")
	visitor := newGuest(inMemory())

	visitor.visit(func(ctx context.Context) {
		_ = flash.Set(lambdasession.From(ctx), "Your order is on its way.")
	})
	for range 2 {
		visitor.visit(func(ctx context.Context) {
			message, err := flash.Pop(lambdasession.From(ctx))
			fmt.Printf("%q %v\n", message, err)
		})
	}
	// Output:
	// "Your order is on its way." <nil>
	// "" <nil>
}

func ExampleField_Delete() {
	coupon := lambdasession.NewField[string]("coupon")

	inSession(func(ctx context.Context) {
		s := lambdasession.From(ctx)
		_ = coupon.Set(s, "SPRING")
		_ = coupon.Delete(s)
		_, present, _ := coupon.Lookup(s)
		fmt.Println(present)
	})
	// Output: false
}

// A field whose type was changed by a deployment may meet old values. The rest
// of the session is sound, and the field can be set anew.
func ExampleFieldError() {
	before := lambdasession.NewField[string]("currency")
	after := lambdasession.NewField[struct{ Code string }]("currency")
	visitor := newGuest(inMemory())

	visitor.visit(func(ctx context.Context) { _ = before.Set(lambdasession.From(ctx), "EUR") })
	visitor.visit(func(ctx context.Context) {
		s := lambdasession.From(ctx)
		_, err := after.Get(s)
		if misfit, ok := errors.AsType[*lambdasession.FieldError](err); ok {
			fmt.Println("starting over with", misfit.Field)
			_ = after.Delete(s)
		}
		_, err = after.Get(s)
		fmt.Println(err)
	})
	// Output:
	// starting over with currency
	// <nil>
}
