package localtest_test

import (
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestFunctionConfig(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		config localtest.FunctionConfig
		want   string
	}{
		{
			"without a name and a program nothing starts, and both are named",
			localtest.FunctionConfig{},
			"localtest: FunctionConfig.Name is empty; put the function's name there\n" +
				"localtest: FunctionConfig.Bootstrap is empty; put the path of the built program there",
		},
		{
			"nothing is negative",
			localtest.FunctionConfig{Name: "Shop", Bootstrap: "bootstrap", Timeout: -time.Second, MaxProcesses: -1},
			"localtest: FunctionConfig has the Timeout -1s, MemoryMB 0 and MaxProcesses -1; none may be negative, and zero is the default",
		},
		{
			"what Lambda would refuse to set is refused",
			localtest.FunctionConfig{
				Name: "Shop", Bootstrap: "bootstrap", LogFormat: "XML",
				Env: map[string]string{"AWS_REGION": "eu-central-1", "_HANDLER": "x", "SESSION-TABLE": "sessions", "TZ": ":UTC"},
			},
			"localtest: FunctionConfig.LogFormat is \"XML\"; it may be Text or JSON\n" +
				"localtest: FunctionConfig.Env sets AWS_REGION, which Lambda reserves for itself; leave it out\n" +
				"localtest: FunctionConfig.Env sets \"SESSION-TABLE\"; on Lambda a name begins with a letter and has at least one more letter, digit or underscore, and nothing else\n" +
				"localtest: FunctionConfig.Env sets _HANDLER, which Lambda reserves for itself; leave it out",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := localtest.StartFunction(t.Context(), c.config)
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}
