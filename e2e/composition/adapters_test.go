package composition

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdaurl"
	chiadapter "github.com/awslabs/aws-lambda-go-api-proxy/chi"
	echoadapter "github.com/awslabs/aws-lambda-go-api-proxy/echo"
	ginadapter "github.com/awslabs/aws-lambda-go-api-proxy/gin"
	"github.com/awslabs/aws-lambda-go-api-proxy/gorillamux"
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gorilla/mux"
	"github.com/labstack/echo/v4"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// A composition returns what to hand to lambda.Start.
type composition struct {
	name  string
	shape localtest.Shape
	start func(*lambdasession.Manager) any
}

var compositions = []composition{
	{"net/http on a REST API", localtest.REST, func(m *lambdasession.Manager) any {
		return lambdasession.Wrap(m, httpadapter.New(newMux()).ProxyWithContext)
	}},
	{"net/http on an HTTP API", localtest.HTTPAPI, func(m *lambdasession.Manager) any {
		return lambdasession.Wrap(m, httpadapter.NewV2(newMux()).ProxyWithContext)
	}},
	// The adapter answers in headers of several values alone, so the target
	// group must have lambda.multi_value_headers.enabled.
	{"net/http behind a load balancer", localtest.ALBMultiValue, func(m *lambdasession.Manager) any {
		return lambdasession.Wrap(m, httpadapter.NewALB(newMux()).ProxyWithContext)
	}},
	{"net/http on a Function URL", localtest.FunctionURL, func(m *lambdasession.Manager) any {
		return lambdasession.Wrap(m, httpadapter.NewV2(newMux()).ProxyWithContext)
	}},
	{"net/http on a Function URL that streams", localtest.FunctionURLStreaming, func(m *lambdasession.Manager) any {
		return lambdaurl.Wrap(m.Handler(newMux())) // what lambdaurl.Start(m.Handler(mux)) starts
	}},
	{"chi", localtest.HTTPAPI, func(m *lambdasession.Manager) any {
		r := chi.NewRouter()
		r.Get("/visit", countVisit)
		r.Post("/sign-in", signIn)
		return lambdasession.Wrap(m, chiadapter.NewV2(r).ProxyWithContextV2)
	}},
	{"gorilla/mux", localtest.HTTPAPI, func(m *lambdasession.Manager) any {
		r := mux.NewRouter()
		r.HandleFunc("/visit", countVisit).Methods(http.MethodGet)
		r.HandleFunc("/sign-in", signIn).Methods(http.MethodPost)
		return lambdasession.Wrap(m, gorillamux.NewV2(r).ProxyWithContext)
	}},
	{"gin", localtest.HTTPAPI, func(m *lambdasession.Manager) any {
		r := gin.New()
		// So that lambdasession.From(c), with the *gin.Context, finds the session.
		r.ContextWithFallback = true
		r.GET("/visit", func(c *gin.Context) {
			n, err := visits.Update(lambdasession.From(c), func(n int) (int, error) { return n + 1, nil })
			if err != nil {
				m.WriteError(c.Writer, c.Request, err)
				return
			}
			c.SetCookie("theme", "dark", 0, "/", "", false, false)
			c.String(http.StatusOK, "%d", n)
		})
		r.POST("/sign-in", gin.WrapF(signIn))
		return lambdasession.Wrap(m, ginadapter.NewV2(r).ProxyWithContext)
	}},
	{"echo", localtest.HTTPAPI, func(m *lambdasession.Manager) any {
		r := echo.New()
		r.GET("/visit", echo.WrapHandler(http.HandlerFunc(countVisit)))
		r.POST("/sign-in", func(c echo.Context) error {
			// echo.Context is no context.Context: take the request's.
			if err := lambdasession.From(c.Request().Context()).SetSubject("ada", ""); err != nil {
				return err
			}
			return c.String(http.StatusOK, "welcome")
		})
		return lambdasession.Wrap(m, echoadapter.NewV2(r).ProxyWithContext)
	}},
	{"an event type of one's own", localtest.HTTPAPI, func(m *lambdasession.Manager) any {
		type tenantRequest struct {
			events.APIGatewayV2HTTPRequest
			Tenant string `json:"tenant"`
		}
		adapter := httpadapter.NewV2(newMux())
		return func(ctx context.Context, in tenantRequest) (events.APIGatewayV2HTTPResponse, error) {
			return lambdasession.Wrap(m, adapter.ProxyWithContext)(ctx, in.APIGatewayV2HTTPRequest)
		}
	}},
	{name: "net/http in a container"}, // no event: Manager.Handler alone
}

func TestASessionSurvivesBehind(t *testing.T) {
	t.Parallel()
	gin.SetMode(gin.ReleaseMode)
	for _, c := range compositions {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := newSessions(t)
			var server *httptest.Server
			if c.start == nil {
				server = httptest.NewServer(m.Handler(newMux()))
				t.Cleanup(server.Close)
			} else {
				server = localtest.Serve(t, c.shape, c.start(m))
			}
			keepCookies(t, server)

			first, cookies := open(t, server, http.MethodGet, "/visit")
			if first != "1" || !slices.Contains(cookies, "theme") || !slices.Contains(cookies, "__Host-session") {
				t.Errorf("the first visit shows %s and sets the cookies %q; want 1, theme and the session's", first, cookies)
			}
			second, cookies := open(t, server, http.MethodGet, "/visit")
			if second != "2" || slices.Contains(cookies, "__Host-session") {
				t.Errorf("the second visit shows %s and sets the cookies %q; want 2 and none of the session's", second, cookies)
			}
			if _, cookies := open(t, server, http.MethodPost, "/sign-in"); !slices.Equal(cookies, []string{"__Host-session"}) {
				t.Errorf("signing in sets the cookies %q; want the session's", cookies)
			}
			if third, _ := open(t, server, http.MethodGet, "/visit"); third != "3" {
				t.Errorf("the visit after the sign-in shows %s; want 3", third)
			}
		})
	}
}

// A Function URL sends each cookie twice, in the header and in the list, and
// httpadapter.NewV2 makes a request of it that has both. Two session cookies
// are no session, because nobody knows which is the right one: Handler inside
// the adapter begins a new session each time. Wrap around it reads the event.
func TestTheDuplicateCookiesOfAFunctionURL(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		start func(*lambdasession.Manager, http.Handler) any
		want  string
	}{
		{"lose the session for Handler inside the adapter", func(m *lambdasession.Manager, app http.Handler) any {
			return httpadapter.NewV2(m.Handler(app)).ProxyWithContext
		}, "1"},
		{"do no harm to Wrap around the adapter", func(m *lambdasession.Manager, app http.Handler) any {
			return lambdasession.Wrap(m, httpadapter.NewV2(app).ProxyWithContext)
		}, "2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			twice := false
			app := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				twice = len(r.CookiesNamed("__Host-session")) == 2
				countVisit(w, r)
			})
			server := localtest.Serve(t, localtest.FunctionURL, c.start(newSessions(t), app))
			keepCookies(t, server)
			open(t, server, http.MethodGet, "/visit")
			second, _ := open(t, server, http.MethodGet, "/visit")
			if second != c.want || !twice {
				t.Errorf("the second visit shows %s, and had the cookie twice: %v; want %s, true", second, twice, c.want)
			}
		})
	}
}
