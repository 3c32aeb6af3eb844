// Package lambdasession gives Go handlers on AWS Lambda a session that
// survives from one invocation to the next.
//
// # The way in
//
// Make a [Manager] at start-up, wrap the handler, name the values:
//
//	var cart = lambdasession.NewField[Cart]("cart")
//
//	func handle(ctx context.Context, req events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
//		s := lambdasession.From(ctx) // costs nothing yet
//		c, err := cart.Update(s, func(c Cart) (Cart, error) { return c.Add(sku), nil })
//		...
//	}
//
//	lambda.Start(lambdasession.Wrap(sessions, handle))
//
// [Wrap] is for Lambda handlers, an adapter's ProxyWithContext among them: those
// of API Gateway's REST and HTTP APIs, Function URLs and load balancers, buffered
// and streaming. [Manager.Handler] is for net/http. A transport of another kind is served by
// [Manager.Begin] and [Exchange.Commit], which both are made of.
//
// # What a request pays
//
// A request that never uses its session makes no call to the store. One that
// reads makes one read; one that only sets a value makes one small write and
// no read; one that reads and writes makes one of each. The expiry moves at
// most ten times an idle period.
//
// # What happens to parallel requests
//
// Different fields merge, because only changed ones are written. [Field.Set]
// on the same field: the last writer wins. [Field.Update] on the same field:
// none is lost. A session that was logged out, renewed or revoked stays ended:
// what is still in flight gets a 409 and no cookie.
//
// # Errors
//
// A store that could not answer is [ErrUnavailable] and goes out as 503; it is
// never taken for "no session". Where a write failed, ignoring its error is
// safe: the response will be an error. Handlers hand errors on: under [Wrap] by
// returning them, under net/http by [Manager.WriteError].
//
// # Time
//
// A session ends when nobody used it for Config.IdleTimeout, and at the latest
// Config.AbsoluteTimeout after it began or its subject signed in.
//
// To read the code, follow a request: wrap.go and doors.go (or handler.go),
// exchange.go, session.go and field.go, commit.go, and then package store.
package lambdasession
