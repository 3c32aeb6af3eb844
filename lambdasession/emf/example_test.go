package emf_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/lambdasession/emf"
	"github.com/lambdasession/lambdasession-go/memstore"
)

func ExampleNew() {
	var stdout bytes.Buffer // in a Lambda function, leave Writer out
	metrics, err := emf.New(emf.Config{
		Dimensions: map[string]string{"Service": "shop"},
		Writer:     &stdout,
	})
	if err != nil {
		panic(err)
	}
	sessions, err := lambdasession.New(lambdasession.Config{Store: memstore.New(), Observer: metrics})
	if err != nil {
		panic(err)
	}

	exchange, err := sessions.Begin(context.Background(), lambdasession.Request{Method: http.MethodGet})
	if err != nil {
		panic(err)
	}
	defer exchange.Close()
	if err := lambdasession.NewField[int]("visits").Set(lambdasession.From(exchange.Context()), 1); err != nil {
		panic(err)
	}
	if _, err := exchange.Commit(); err != nil {
		panic(err)
	}

	var line struct {
		Operation, Service string
		Calls, Errors      int
	}
	if err := json.Unmarshal(stdout.Bytes(), &line); err != nil {
		panic(err)
	}
	fmt.Printf("%+v\n", line)
	// Output: {Operation:save Service:shop Calls:1 Errors:0}
}
