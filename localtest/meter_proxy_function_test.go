package localtest_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// The calls of a real function, with an SDK that knows nothing of the proxy,
// tell whose they are: also of many invocations in several processes at once,
// and as soon as the function has answered.
func TestMeterProxyTellsTheInvocation(t *testing.T) {
	t.Parallel()
	db := localtest.DynamoDB(t)
	proxy := meter(t, db.Endpoint())
	table := db.Table()
	bootstrap := filepath.Join(t.TempDir(), "bootstrap")
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "lambda.norpc", "-o", bootstrap, "./testdata/meterfunction")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the function: %v\n%s", err, output)
	}
	f := start(t, localtest.FunctionConfig{
		Bootstrap: bootstrap, MaxProcesses: 4, Timeout: time.Minute,
		Env: map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": proxy.Endpoint(), "TABLE": table},
	})

	var mu sync.Mutex
	traces, processes := map[string]bool{}, map[int]bool{} // guarded by mu
	var invocations sync.WaitGroup
	for i := range 32 {
		invocations.Go(func() {
			reads := 1 + i%3
			payload, _ := json.Marshal(map[string]int{"Reads": reads})
			body, err := f.Invoke(t.Context(), payload)
			if err != nil {
				t.Error(err)
				return
			}
			var r struct {
				Trace string
				PID   int
			}
			if err := json.Unmarshal(body, &r); err != nil {
				t.Error(err)
			}
			calls := 0
			for _, call := range proxy.observed() {
				if call.TraceID == r.Trace && call.Operation == "GetItem" && call.ReadUnits == 0.5 && call.Tables[0] == table {
					calls++
				}
			}
			if r.Trace == "" || calls != reads {
				t.Errorf("the invocation %q made %d calls, of which %d are told", r.Trace, reads, calls)
			}
			mu.Lock()
			defer mu.Unlock()
			traces[r.Trace], processes[r.PID] = true, true
		})
	}
	invocations.Wait()
	if len(traces) != 32 || len(processes) < 2 {
		t.Errorf("%d invocations in %d processes", len(traces), len(processes))
	}
}

func TestMeterProxyWithAClientThatTellsNoTrace(t *testing.T) {
	t.Parallel()
	db := localtest.DynamoDB(t)
	proxy := meter(t, db.Endpoint())
	listTables(t, client(t, proxy.Endpoint()))
	if call := proxy.observed()[0]; call.TraceID != "" {
		t.Errorf("call %+v", call)
	}
}
