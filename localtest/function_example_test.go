package localtest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// A function is built as for Lambda, but for this machine, and invoked with an
// event. localtest.Gateway would serve it over HTTP.
func ExampleStartFunction() {
	dir, err := os.MkdirTemp("", "function-")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	bootstrap := filepath.Join(dir, "bootstrap")
	if output, err := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", bootstrap, "./testdata/function").CombinedOutput(); err != nil {
		log.Fatalf("%v\n%s", err, output)
	}

	ctx := context.Background()
	function, err := localtest.StartFunction(ctx, localtest.FunctionConfig{
		Name:      "Shop",
		Bootstrap: bootstrap,
		Env:       map[string]string{"SESSION_TABLE": "sessions"},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = function.Close() }()

	payload, err := function.Invoke(ctx, []byte(`{"Value": "tea"}`))
	if err != nil {
		log.Fatal(err)
	}
	var answer struct{ Value, ARN string }
	if err := json.Unmarshal(payload, &answer); err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.ARN, "answers to", answer.Value)
	// Output: arn:aws:lambda:us-east-1:123456789012:function:Shop answers to tea
}
