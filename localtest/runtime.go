package localtest

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// runtimeAPI is the Lambda Runtime API, version 2018-06-01, that one process
// of a function speaks to. Every process has its own, as every execution
// environment of Lambda has: the API's requests do not say who sends them.
//
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
//
// It only translates between HTTP and channels. When to deliver which
// invocation, and what follows from a failure, is for environment to decide.
type runtimeAPI struct {
	ready   chan struct{}       // sent when a GET next has arrived
	deliver chan *invocation    // received by the GET next that was announced on ready
	answers chan answer         // the answer to the invocation delivered last; buffered
	initErr chan *FunctionError // why the process cannot start; buffered

	mu      sync.Mutex
	current string // id of the invocation that is delivered and not yet answered; guarded by mu
}

// invocation is one event on its way through a process.
type invocation struct {
	id       string
	arn      string
	traceID  string
	payload  []byte
	deadline time.Time // set when it is delivered
}

// answer is what became of an invocation.
type answer struct {
	payload []byte
	err     error
}

func newRuntimeAPI() *runtimeAPI {
	return &runtimeAPI{
		ready:   make(chan struct{}),
		deliver: make(chan *invocation),
		answers: make(chan answer, 1),
		initErr: make(chan *FunctionError, 1),
	}
}

func (api *runtimeAPI) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", api.serveNext)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", api.serveResponse)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", api.serveError)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", api.serveInitError)
	return mux
}

// serveNext holds the request until there is an invocation, which may take for
// ever. When the process dies its connection closes, which ends the wait.
func (api *runtimeAPI) serveNext(w http.ResponseWriter, r *http.Request) {
	select {
	case api.ready <- struct{}{}:
	case <-r.Context().Done():
		return
	}
	select {
	case inv := <-api.deliver:
		api.mu.Lock()
		api.current = inv.id
		api.mu.Unlock()
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Lambda-Runtime-Aws-Request-Id", inv.id)
		h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(inv.deadline.UnixMilli(), 10))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", inv.arn)
		h.Set("Lambda-Runtime-Trace-Id", inv.traceID)
		// A process that dies here is noticed by its exit, not by this write.
		_, _ = w.Write(inv.payload)
	case <-r.Context().Done():
	}
}

func (api *runtimeAPI) serveResponse(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil { // the process went away in the middle: its exit is the answer
		return
	}
	api.answer(w, r.PathValue("id"), answer{payload: body})
}

func (api *runtimeAPI) serveError(w http.ResponseWriter, r *http.Request) {
	failure, ok := readFunctionError(w, r)
	if !ok {
		return
	}
	api.answer(w, r.PathValue("id"), answer{err: failure})
}

func (api *runtimeAPI) serveInitError(w http.ResponseWriter, r *http.Request) {
	failure, ok := readFunctionError(w, r)
	if !ok {
		return
	}
	select {
	case api.initErr <- failure:
		replyStatus(w)
	default: // only the first one counts
		replyError(w, http.StatusForbidden, "InvalidStateTransition", "Transition from Failed to Failed is not allowed")
	}
}

// answer passes a on if it answers the invocation that the process is working
// on: none is answered twice. It passes it on before it replies, since the
// process may exit on the reply.
func (api *runtimeAPI) answer(w http.ResponseWriter, id string, a answer) {
	api.mu.Lock()
	defer api.mu.Unlock()
	if id != api.current {
		replyError(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
		return
	}
	api.current = ""
	api.answers <- a
	replyStatus(w)
}

// readFunctionError reads the error that a runtime reports. The header names
// its type where the body does not.
func readFunctionError(w http.ResponseWriter, r *http.Request) (*FunctionError, bool) {
	var body struct{ ErrorType, ErrorMessage string }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		replyError(w, http.StatusBadRequest, "InvalidErrorShape", "Unable to parse error: "+err.Error())
		return nil, false
	}
	if body.ErrorType == "" {
		body.ErrorType = r.Header.Get("Lambda-Runtime-Function-Error-Type")
	}
	return &FunctionError{Type: body.ErrorType, Message: body.ErrorMessage}, true
}

func replyStatus(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, `{"status":"OK"}`)
}

func replyError(w http.ResponseWriter, status int, errorType, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"errorType": errorType, "errorMessage": message})
}
