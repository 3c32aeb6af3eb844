package bench

import (
	"context"
	"net/http"

	"github.com/aws/aws-lambda-go/events"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

type (
	request  = events.APIGatewayV2HTTPRequest
	response = events.APIGatewayV2HTTPResponse
	handler  = func(context.Context, request) (response, error)
)

// A cart is a value as applications keep it.
type cart struct {
	Lines []line
}

type line struct {
	SKU   string
	Count int
	Price int // cents
}

var (
	cartField  = lambdasession.NewField[cart]("cart")
	themeField = lambdasession.NewField[string]("theme")

	// someCart has about 140 bytes, a session's usual order of magnitude.
	someCart = cart{Lines: []line{{"lamp-brass", 1, 8900}, {"mug-blue", 4, 1250}, {"towel-linen", 2, 2400}}}
)

// bare does not use the session: an asset, or a page that is the same for
// everybody.
func bare(context.Context, request) (response, error) {
	return response{StatusCode: http.StatusOK, Body: "hello"}, nil
}

// with is a handler that does something with the session and answers like bare.
func with(do func(*lambdasession.Session) error) handler {
	return func(ctx context.Context, in request) (response, error) {
		if err := do(lambdasession.From(ctx)); err != nil {
			return response{}, err
		}
		return bare(ctx, in)
	}
}

func readCart(s *lambdasession.Session) error {
	_, err := cartField.Get(s)
	return err
}

func setTheme(s *lambdasession.Session) error { return themeField.Set(s, "dark") }
