// Command version is a function that answers which build of it answers, and from
// which process. It holds an invocation for as long as the connection lasts that
// it is told to open.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"github.com/aws/aws-lambda-go/lambda"
)

var version string // set by the linker

func main() {
	if version == "none" {
		fmt.Println("this version does not start")
		os.Exit(1)
	}
	lambda.Start(handle)
}

type event struct {
	Hold   string // an address: answer when nothing more comes from there
	Stream bool   // begin the answer before that
}

func handle(_ context.Context, e event) (any, error) {
	answer := fmt.Sprintf("version %s, process %d", version, os.Getpid())
	if e.Hold == "" {
		return answer, nil
	}
	connection, err := net.Dial("tcp", e.Hold)
	if err != nil {
		return nil, err
	}
	rest := &held{connection, strings.NewReader("held")}
	if e.Stream {
		return io.MultiReader(strings.NewReader(answer+", "), rest), nil
	}
	if _, err := io.ReadAll(rest); err != nil {
		return nil, err
	}
	return answer, nil
}

// held is a text that comes when nothing more comes from a connection, to which
// it says at last that it has come.
type held struct {
	connection net.Conn
	text       *strings.Reader
}

func (h *held) Read(p []byte) (int, error) {
	if _, err := io.Copy(io.Discard, h.connection); err != nil {
		return 0, err
	}
	n, err := h.text.Read(p)
	if err == io.EOF {
		fmt.Fprint(h.connection, "over")
		h.connection.Close()
	}
	return n, err
}
