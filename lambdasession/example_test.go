package lambdasession_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/memstore"
)

// A guest is a browser in these examples. It keeps its cookie from one visit
// to the next.
type guest struct {
	sessions *lambdasession.Manager
	cookie   string
}

func newGuest(sessions *lambdasession.Manager) *guest { return &guest{sessions: sessions} }

// visit runs page as the handler of one request, as Wrap and Handler do.
func (g *guest) visit(page func(ctx context.Context)) {
	x, err := g.sessions.Begin(context.Background(), lambdasession.Request{
		Method: http.MethodGet, Cookies: []string{g.cookie},
	})
	if err != nil {
		panic(err)
	}
	defer x.Close()
	page(x.Context())
	header, err := x.Commit()
	if err != nil {
		panic(err)
	}
	if set := header.Get("Set-Cookie"); set != "" {
		g.cookie, _, _ = strings.Cut(set, ";")
	}
}

// inMemory makes a manager for an example.
func inMemory() *lambdasession.Manager {
	sessions, err := lambdasession.New(lambdasession.Config{Store: memstore.New()})
	if err != nil {
		panic(err)
	}
	return sessions
}

// inSession runs page as the handler of one request of a new visitor.
func inSession(page func(ctx context.Context)) { newGuest(inMemory()).visit(page) }

func ExampleNew() {
	// On Lambda the store is dynamostore.New(...).
	sessions, err := lambdasession.New(lambdasession.Config{Store: memstore.New()})
	fmt.Println(sessions != nil, err)

	// All mistakes are reported at once.
	_, err = lambdasession.New(lambdasession.Config{
		Keys:   [][]byte{[]byte("too short")},
		Cookie: lambdasession.Cookie{Name: "__Host-sid", Path: "/shop"},
	})
	fmt.Println(err)
	// Output:
	// true <nil>
	// lambdasession.New: Store is nil: set it to a store such as dynamostore.New(...) or memstore.New()
	// Keys[0] has 9 bytes: use at least 32 random ones
	// Cookie.Name "__Host-sid" cannot go with Path "/shop": leave Path empty or use a name with __Secure-
}

func ExampleWrap() {
	sessions, err := lambdasession.New(lambdasession.Config{Store: memstore.New()})
	if err != nil {
		panic(err)
	}
	count := lambdasession.NewField[int]("count")

	handle := func(ctx context.Context, _ events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		n, err := count.Update(lambdasession.From(ctx), func(n int) (int, error) { return n + 1, nil })
		if err != nil {
			return events.APIGatewayV2HTTPResponse{}, err
		}
		return events.APIGatewayV2HTTPResponse{StatusCode: 200, Body: fmt.Sprintf("visit %d", n)}, nil
	}
	wrapped := lambdasession.Wrap(sessions, handle) // for lambda.Start

	// What Lambda does, twice, for a browser that keeps its cookie:
	var event events.APIGatewayV2HTTPRequest
	first, _ := wrapped(context.Background(), event)
	event.Cookies = []string{strings.Split(first.Cookies[0], ";")[0]}
	second, _ := wrapped(context.Background(), event)
	fmt.Println(first.Body)
	fmt.Println(second.Body)
	// Output:
	// visit 1
	// visit 2
}

// An event type of your own, such as one that an authorizer or a test harness
// adds to, is wrapped by a closure.
func ExampleWrap_ownEvent() {
	type tenantRequest struct {
		events.APIGatewayV2HTTPRequest
		Tenant string `json:"tenant"`
	}
	sessions := inMemory()
	count := lambdasession.NewField[int]("count")

	handle := func(ctx context.Context, req tenantRequest) (events.APIGatewayV2HTTPResponse, error) {
		err := count.Set(lambdasession.From(ctx), 1)
		return events.APIGatewayV2HTTPResponse{StatusCode: 200, Body: "welcome to " + req.Tenant}, err
	}
	wrapped := func(ctx context.Context, req tenantRequest) (events.APIGatewayV2HTTPResponse, error) {
		withSession := lambdasession.Wrap(sessions,
			func(ctx context.Context, _ events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
				return handle(ctx, req)
			})
		return withSession(ctx, req.APIGatewayV2HTTPRequest)
	}

	out, err := wrapped(context.Background(), tenantRequest{Tenant: "acme"})
	fmt.Println(out.Body, len(out.Cookies), err)
	// Output: welcome to acme 1 <nil>
}

func ExampleFrom() {
	name := lambdasession.NewField[string]("name")
	greet := func(ctx context.Context) { // however deep below the handler
		who, err := name.Get(lambdasession.From(ctx))
		fmt.Printf("hello %s (%v)\n", who, err)
	}

	inSession(func(ctx context.Context) {
		_ = name.Set(lambdasession.From(ctx), "Ada")
		greet(ctx)
	})

	_, err := name.Get(lambdasession.From(context.Background()))
	fmt.Println(err)
	// Output:
	// hello Ada (<nil>)
	// lambdasession: get field "name": lambdasession: no session in this context: wrap the handler with lambdasession.Wrap or Manager.Handler, and hand its context on
}
