// Command function is a Lambda function that does what its events ask for, so
// that tests can see every way in which a process may behave.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// event says what to do. Addr is a listener of the test: a connection to it
// that stays open shows that a process lives.
type event struct {
	Do, Value, Addr string
}

type reply struct {
	Value    string
	PID      int
	Request  string
	ARN      string
	Trace    string
	Deadline time.Time
	Environ  []string
}

type soldOut struct{ product string }

func (e *soldOut) Error() string { return "no " + e.product + " left" }

var working atomic.Int32

func handle(ctx context.Context, e event) (any, error) {
	if working.Add(1) > 1 {
		log.Fatal("a second invocation at the same time")
	}
	defer working.Add(-1)
	switch e.Do {
	case "fail":
		return nil, &soldOut{e.Value}
	case "panic":
		panic(e.Value)
	case "exit":
		os.Exit(3)
	case "exit silently":
		os.Exit(0)
	case "print":
		fmt.Print(e.Value)
	case "print error":
		fmt.Fprint(os.Stderr, e.Value)
	case "answer at length":
		size, err := strconv.Atoi(e.Value)
		return strings.Repeat("x", size-len(`""`)), err
	case "stream":
		return stream(strings.NewReader(e.Value)), nil
	case "stream without end":
		return stream(endless{}), nil
	case "stream what comes", "stream what comes and fail", "stream what comes and exit":
		conn, err := net.Dial("tcp", e.Addr)
		if err != nil {
			return nil, err
		}
		return stream(io.MultiReader(conn, ending(strings.TrimPrefix(e.Do, "stream what comes")))), nil
	case "hang":
		hold(e.Addr)
	case "hang with a child":
		child := exec.Command(os.Args[0], e.Addr)
		child.Env = append(os.Environ(), "START=child")
		if err := child.Run(); err != nil {
			return nil, err
		}
	}
	lc, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	return reply{
		Value:    e.Value,
		PID:      os.Getpid(),
		Request:  lc.AwsRequestID,
		ARN:      lc.InvokedFunctionArn,
		Trace:    os.Getenv("_X_AMZN_TRACE_ID"),
		Deadline: deadline,
		Environ:  os.Environ(),
	}, nil
}

// stream is an answer that is written while body is read.
func stream(body io.Reader) any {
	return &events.LambdaFunctionURLStreamingResponse{StatusCode: http.StatusCreated, Body: body}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// ending is how a body ends.
type ending string

func (e ending) Read([]byte) (int, error) {
	switch e {
	case " and fail":
		return 0, &soldOut{"tea"}
	case " and exit":
		os.Exit(3)
	}
	return 0, io.EOF
}

// hold opens a connection to addr and never lets go of it.
func hold(addr string) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		log.Fatal(err)
	}
	_, _ = conn.Read(make([]byte, 1))
	select {}
}

// askAndGo asks for an invocation, hangs up when the test does, and never asks
// again.
func askAndGo(api, addr string) error {
	asked, err := net.Dial("tcp", api)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(asked, "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: "+api+"\r\n\r\n"); err != nil {
		return err
	}
	test, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, test)
	_ = asked.Close()
	_ = test.Close()
	time.Sleep(time.Hour)
	return nil
}

func main() {
	switch os.Getenv("START") {
	case "exit":
		log.Fatal("SESSION_TABLE is not set")
	case "report":
		response, err := http.Post("http://"+os.Getenv("AWS_LAMBDA_RUNTIME_API")+"/2018-06-01/runtime/init/error",
			"application/json", strings.NewReader(`{"errorType":"Shop.NoTable","errorMessage":"SESSION_TABLE is not set"}`))
		if err != nil {
			log.Fatal(err)
		}
		_ = response.Body.Close()
		os.Exit(1)
	case "hang":
		hold(os.Getenv("ADDR"))
	case "deaf":
		if err := askAndGo(os.Getenv("AWS_LAMBDA_RUNTIME_API"), os.Getenv("ADDR")); err != nil {
			log.Fatal(err)
		}
	case "print":
		fmt.Println("starting")
	case "child":
		hold(os.Args[1])
	}
	lambda.Start(handle)
}
