package localtest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	nextPath     = "/2018-06-01/runtime/invocation/next"
	responsePath = "/2018-06-01/runtime/invocation/ID/response"
	errorPath    = "/2018-06-01/runtime/invocation/ID/error"
	initPath     = "/2018-06-01/runtime/init/error"
)

// serveRuntime serves a Runtime API to the test, which plays the process.
func serveRuntime(t *testing.T) (*runtimeAPI, *httptest.Server) {
	t.Helper()
	api := newRuntimeAPI()
	server := httptest.NewServer(api.handler())
	t.Cleanup(server.Close)
	return api, server
}

// handOver plays the environment: it has inv delivered to the next request.
func handOver(api *runtimeAPI, inv *invocation) {
	<-api.ready
	api.expect(inv)
	api.deliver <- inv
}

// work has an invocation with the id ID delivered to the test.
func work(t *testing.T, api *runtimeAPI, server *httptest.Server, answer answerWriter) {
	t.Helper()
	go handOver(api, &invocation{id: "ID", answer: answer})
	response, err := server.Client().Get(server.URL + nextPath)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
}

func post(t *testing.T, server *httptest.Server, path, body string, header ...string) (status int, reply string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if len(header) > 0 {
		request.Header.Set(header[0], header[1])
	}
	response, err := server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, strings.TrimSpace(string(content))
}

func TestRuntimeAPI(t *testing.T) {
	t.Parallel()

	t.Run("next carries the event and what the runtime has to know about it", func(t *testing.T) {
		t.Parallel()
		api, server := serveRuntime(t)
		go handOver(api, &invocation{
			id:       "ID",
			arn:      "arn:aws:lambda:us-east-1:123456789012:function:Shop",
			traceID:  "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1",
			payload:  []byte(`{"rawPath":"/"}`),
			deadline: time.UnixMilli(1542409706888),
		})
		response, err := server.Client().Get(server.URL + nextPath)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{"body": string(body), "status": response.Status}
		for name := range response.Header {
			if strings.HasPrefix(name, "Lambda-") {
				got[name] = response.Header.Get(name)
			}
		}
		want := map[string]string{
			"status":                              "200 OK",
			"body":                                `{"rawPath":"/"}`,
			"Lambda-Runtime-Aws-Request-Id":       "ID",
			"Lambda-Runtime-Deadline-Ms":          "1542409706888",
			"Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:123456789012:function:Shop",
			"Lambda-Runtime-Trace-Id":             "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})

	type result struct {
		Status   int
		Body     string
		Answered bool
		Answer   string
		Err      error
	}
	large := strings.Repeat("x", lambdaAnswerBytes)
	invalidID := `{"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}`
	for _, c := range []struct {
		name, path, body string
		want             result
	}{
		{
			"a response is the answer",
			responsePath, `{"statusCode":200}`,
			result{202, `{"status":"OK"}`, true, `{"statusCode":200}`, nil},
		},
		{
			"a response may be as large as Lambda takes it",
			responsePath, large,
			result{202, `{"status":"OK"}`, true, large, nil},
		},
		{
			"a response that is one byte larger is refused, and a failure",
			responsePath, large + "x",
			result{
				413, `{"errorMessage":"Exceeded maximum allowed payload size (6291556 bytes).","errorType":"RequestEntityTooLarge"}`,
				true, large, &FunctionError{responseTooLarge, "Response payload size exceeded maximum allowed payload size (6291556 bytes)."},
			},
		},
		{
			"an error is the answer, with its type and message",
			errorPath, `{"errorType":"soldOut","errorMessage":"no tea left","stackTrace":[]}`,
			result{202, `{"status":"OK"}`, true, "", &FunctionError{"soldOut", "no tea left"}},
		},
		{
			"an error that is not JSON is refused",
			errorPath, `boom`,
			result{400, `{"errorMessage":"Unable to parse error: invalid character 'b' looking for beginning of value","errorType":"InvalidErrorShape"}`, false, "", nil},
		},
		{
			"an answer to another invocation is refused",
			strings.Replace(responsePath, "ID", "other", 1), `{}`,
			result{400, invalidID, false, "", nil},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			api, server := serveRuntime(t)
			var answer wholeAnswer
			work(t, api, server, &answer)
			var got result
			got.Status, got.Body = post(t, server, c.path, c.body)
			select {
			case got.Err = <-api.answered:
				got.Answered = true
			default:
			}
			got.Answer = answer.String()
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}

	t.Run("a second answer is refused", func(t *testing.T) {
		t.Parallel()
		api, server := serveRuntime(t)
		var answer wholeAnswer
		work(t, api, server, &answer)
		post(t, server, responsePath, `"first"`)
		status, body := post(t, server, responsePath, `"second"`)
		if status != http.StatusBadRequest || body != invalidID {
			t.Errorf("got %d %s, want 400 %s", status, body, invalidID)
		}
		if err := <-api.answered; err != nil || answer.String() != `"first"` {
			t.Errorf("the answer is %s, error %v; want the first one", answer.String(), err)
		}
	})

	t.Run("an answer before any event is refused", func(t *testing.T) {
		t.Parallel()
		_, server := serveRuntime(t)
		if status, body := post(t, server, responsePath, `{}`); status != http.StatusBadRequest || body != invalidID {
			t.Errorf("got %d %s, want 400 %s", status, body, invalidID)
		}
	})

	t.Run("of several errors at start-up the first one counts", func(t *testing.T) {
		t.Parallel()
		api, server := serveRuntime(t)
		status, _ := post(t, server, initPath, `{"errorMessage":"no table"}`, "Lambda-Runtime-Function-Error-Type", "Shop.NoTable")
		if status != http.StatusAccepted {
			t.Errorf("the first got %d, want 202", status)
		}
		status, _ = post(t, server, initPath, `{"errorType":"Shop.Other","errorMessage":"other"}`)
		if status != http.StatusForbidden {
			t.Errorf("the second got %d, want 403", status)
		}
		if diff := cmp.Diff(&FunctionError{"Shop.NoTable", "no table"}, <-api.initErr); diff != "" {
			t.Error(diff)
		}
	})

	t.Run("a process that dies while it waits takes no event with it", func(t *testing.T) {
		t.Parallel()
		api, server := serveRuntime(t)
		arrived := make(chan struct{})
		go func() {
			<-api.ready
			close(arrived)
		}()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+nextPath, nil)
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			if response, err := server.Client().Do(request); err == nil {
				_ = response.Body.Close()
				t.Error("the request was answered")
			}
		}()
		<-arrived
		server.CloseClientConnections()
		<-done
		server.Close() // returns when every handler has
		select {
		case api.deliver <- &invocation{}:
			t.Error("a dead process took an event")
		default:
		}
	})
}
