package localtest

import (
	"encoding/json"
	"errors"
	"fmt"
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
	ready    chan struct{}       // sent when a GET next has arrived
	deliver  chan *invocation    // received by the GET next that was announced on ready
	answered chan error          // how the answer to the invocation delivered last ended; buffered
	initErr  chan *FunctionError // why the process cannot start; buffered

	mu      sync.Mutex
	current *invocation // expected to be answered; guarded by mu
	begun   bool        // the answer to the one expected last has begun; guarded by mu
}

// invocation is one event on its way through a process.
type invocation struct {
	id       string
	arn      string
	traceID  string
	payload  []byte
	deadline time.Time // set when it is delivered
	answer   answerWriter
}

func newRuntimeAPI() *runtimeAPI {
	return &runtimeAPI{
		ready:    make(chan struct{}),
		deliver:  make(chan *invocation),
		answered: make(chan error, 1),
		initErr:  make(chan *FunctionError, 1),
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

// serveResponse hands the answer on while it is written. That it is a stream a
// runtime may say in Lambda-Runtime-Function-Response-Mode, but need not, and
// aws-lambda-go does not: whether it is passed on as one or as a whole is for
// the caller to say, by how it invokes.
func (api *runtimeAPI) serveResponse(w http.ResponseWriter, r *http.Request) {
	inv := api.claim(w, r)
	if inv == nil {
		return
	}
	err := receive(r, inv.answer)
	failure, _ := errors.AsType[*FunctionError](err)
	if failure != errBrokenOff { // else it is for environment to say why
		inv.answer.end(err)
	}
	api.answered <- err // before the reply: the process may exit on that
	switch {
	case failure == errBrokenOff: // there is nobody to reply to
	case failure != nil && failure.Type == responseTooLarge:
		replyError(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge",
			fmt.Sprintf("Exceeded maximum allowed payload size (%d bytes).", inv.answer.limit()))
	default:
		replyStatus(w)
	}
}

func (api *runtimeAPI) serveError(w http.ResponseWriter, r *http.Request) {
	failure, ok := readFunctionError(w, r)
	if !ok || api.claim(w, r) == nil {
		return
	}
	api.answered <- failure
	replyStatus(w)
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

// expect makes inv, which is about to be delivered, the one to be answered.
func (api *runtimeAPI) expect(inv *invocation) {
	api.mu.Lock()
	defer api.mu.Unlock()
	api.current, api.begun = inv, false
}

// claim returns the invocation that the process is working on, if that is the
// one which the request answers: none is answered twice. Else it replies.
func (api *runtimeAPI) claim(w http.ResponseWriter, r *http.Request) *invocation {
	api.mu.Lock()
	defer api.mu.Unlock()
	inv := api.current
	if inv == nil || r.PathValue("id") != inv.id {
		replyError(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
		return nil
	}
	api.current, api.begun = nil, true
	return inv
}

// hasBegun reports whether the process has begun to answer the invocation
// expected last. Then how that ended is sent on answered in any case.
func (api *runtimeAPI) hasBegun() bool {
	api.mu.Lock()
	defer api.mu.Unlock()
	return api.begun
}

// readFunctionError reads the error that a runtime reports. The header names
// its type where the body does not.
func readFunctionError(w http.ResponseWriter, r *http.Request) (*FunctionError, bool) {
	var body struct{ ErrorType, ErrorMessage string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, lambdaAnswerBytes)).Decode(&body); err != nil {
		replyError(w, http.StatusBadRequest, "InvalidErrorShape", "Unable to parse error: "+err.Error())
		return nil, false
	}
	if body.ErrorType == "" {
		body.ErrorType = r.Header.Get(errorTypeHeader)
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
