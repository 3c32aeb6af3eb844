package localtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// faultRequest is a request as the proxy has to know it.
type faultRequest struct {
	*http.Request
	operation  string
	body       []byte
	consistent bool   // a GetItem with ConsistentRead
	question   string // of a GetItem: the same for the same one, consistent or not
}

// faultAnswer is what a request is answered with.
type faultAnswer struct {
	status int
	header http.Header
	body   []byte
}

func (p *FaultProxy) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q, err := readFaultRequest(r)
		if err != nil {
			panic(http.ErrAbortHandler) // the client went away before it had asked
		}
		p.serve(w, q, p.choose(q))
	})
}

func readFaultRequest(r *http.Request) (faultRequest, error) {
	body, err := io.ReadAll(r.Body)
	q := faultRequest{
		Request:   r,
		operation: strings.TrimPrefix(r.Header.Get("X-Amz-Target"), targetPrefix),
		body:      body,
	}
	var question map[string]any
	if q.operation == "GetItem" && json.Unmarshal(body, &question) == nil {
		q.consistent, _ = question["ConsistentRead"].(bool)
		delete(question, "ConsistentRead")
		sorted, _ := json.Marshal(question) // it was JSON a moment ago; the SDK's own is in random order
		q.question = string(sorted)
	}
	return q, err
}

// serve lets the request meet its fault, or passes it on.
func (p *FaultProxy) serve(w http.ResponseWriter, q faultRequest, f Fault) {
	if f.Kind == Delay {
		p.pause(nil, f.Pause)
	}
	var answer faultAnswer
	switch f.Kind {
	case 0, Delay, Trickle, TruncatedAnswer:
		answer = p.passOn(q)
	case StaleRead:
		answer = p.lastAnswer(q)
	default:
		answer = f.answer(q)
		if f.Applied {
			p.passOn(q)
		}
	}
	p.hasPassed(f)
	if f.Meanwhile != nil {
		f.Meanwhile()
	}
	switch f.Kind {
	case ConnectionReset:
		reset(w)
	case BlackHole:
		select {
		case <-q.Context().Done():
		case <-p.over.Done():
		}
		panic(http.ErrAbortHandler)
	case Trickle:
		p.trickle(w, q, answer, f.Pause)
	case TruncatedAnswer:
		answer.writeHeader(w)
		_, _ = w.Write(answer.body[:len(answer.body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	default:
		answer.writeHeader(w)
		_, _ = w.Write(answer.body) // who went away misses it
	}
}

// pause waits, but not for longer than the test, nor than until gone is closed.
func (p *FaultProxy) pause(gone <-chan struct{}, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-gone:
	case <-p.over.Done():
		panic(http.ErrAbortHandler)
	}
}

// passOn sends the request to DynamoDB, whether or not its client still waits.
func (p *FaultProxy) passOn(q faultRequest) faultAnswer {
	answer, err := p.exchange(q)
	if err != nil {
		return faultAnswer{status: http.StatusBadGateway, body: fmt.Append(nil, err)}
	}
	if q.question != "" && answer.status == http.StatusOK {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.answers[q.question] = answer
	}
	return answer
}

func (p *FaultProxy) exchange(q faultRequest) (faultAnswer, error) {
	r, err := http.NewRequestWithContext(p.over, q.Method, p.upstream+q.URL.RequestURI(), bytes.NewReader(q.body))
	if err != nil {
		return faultAnswer{}, err
	}
	r.Header = q.Header.Clone()
	response, err := p.onward.RoundTrip(r)
	if err != nil {
		return faultAnswer{}, err
	}
	body, err := readBody(response.Body)
	return faultAnswer{response.StatusCode, response.Header, body}, err
}

// lastAnswer is the proxy's last one to the same GetItem.
func (p *FaultProxy) lastAnswer(q faultRequest) faultAnswer {
	p.mu.Lock()
	defer p.mu.Unlock()
	if answer, ok := p.answers[q.question]; ok {
		return answer
	}
	return dynamoDBAnswer(http.StatusOK, "{}")
}

func (a faultAnswer) writeHeader(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
}

// trickle sends the answer byte by byte.
func (p *FaultProxy) trickle(w http.ResponseWriter, q faultRequest, answer faultAnswer, between time.Duration) {
	answer.writeHeader(w)
	for i := range answer.body {
		if i > 0 {
			p.pause(q.Context().Done(), between)
		}
		_, err := w.Write(answer.body[i : i+1])
		if err != nil || http.NewResponseController(w).Flush() != nil || q.Context().Err() != nil {
			panic(http.ErrAbortHandler)
		}
	}
}

// reset ends the connection so that its client sees a reset and no orderly end.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
