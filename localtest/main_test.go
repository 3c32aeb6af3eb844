package localtest_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"testing"
	"time"

	"github.com/aws/smithy-go"
	"go.uber.org/goleak"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// TestMain sees to it that no test leaves a goroutine, nor does the DynamoDB
// Local that runs until the binary ends.
func TestMain(m *testing.M) {
	if ending := os.Getenv(endingVariable); ending != "" {
		startAndEnd(ending)
	}
	goleak.VerifyTestMain(m)
}

// endingVariable makes this binary start a DynamoDB Local and then end in the
// way it names.
const endingVariable = "LOCALTEST_ENDING"

func startAndEnd(ending string) {
	server, err := localtest.StartDynamoDB(context.Background(), nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(server.Endpoint())
	switch ending {
	case "exit":
		os.Exit(0)
	case "log.Fatal":
		log.Fatal("the end")
	case "panic":
		panic("the end")
	default: // a signal is to come
		select {}
	}
}

// wantAPIError fails the test unless err is DynamoDB's error of that code.
func wantAPIError(t *testing.T, err error, code string) {
	t.Helper()
	if apiErr, ok := errors.AsType[smithy.APIError](err); !ok || apiErr.ErrorCode() != code {
		t.Errorf("error is %v; want %s", err, code)
	}
}

// eventually waits until done, and fails the test if that does not come to be.
func eventually(t *testing.T, otherwise string, done func() bool) {
	t.Helper()
	const bound = time.Minute
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for began := time.Now(); !done(); {
		if time.Since(began) > bound {
			t.Fatalf("after %v %s", bound, otherwise)
		}
		<-tick.C
	}
}
