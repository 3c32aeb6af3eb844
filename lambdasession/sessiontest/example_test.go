package sessiontest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/lambdasession/sessiontest"
)

var cart = lambdasession.NewField[[]string]("cart")

// addToCart is part of a handler.
func addToCart(ctx context.Context, sku string) (int, error) {
	items, err := cart.Update(lambdasession.From(ctx), func(items []string) ([]string, error) {
		return append(items, sku), nil
	})
	return len(items), err
}

// t stands for the *testing.T of a test, which an example has not.
var t testing.TB = &exampleT{}

type exampleT struct{ testing.TB }

func (*exampleT) Helper()                  {}
func (*exampleT) Context() context.Context { return context.Background() }
func (*exampleT) Cleanup(func())           {}

func ExampleContext() {
	ctx := sessiontest.Context(t)

	_, _ = addToCart(ctx, "tea")
	n, err := addToCart(ctx, "milk")
	fmt.Println(n, err)

	items, err := cart.Get(lambdasession.From(ctx))
	fmt.Println(items, err)
	// Output:
	// 2 <nil>
	// [tea milk] <nil>
}

func ExampleUnavailable() {
	ctx := sessiontest.Unavailable(t)

	_, err := addToCart(ctx, "tea")
	fmt.Println(errors.Is(err, lambdasession.ErrUnavailable))
	// Output: true
}
