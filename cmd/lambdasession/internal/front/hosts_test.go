package front

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestFunctionURLs(t *testing.T) {
	t.Parallel()
	url := func(id string) template.Function {
		return template.Function{ID: id, Routes: []template.Route{{Service: template.FunctionURL, Line: 7}}}
	}
	all := func(functions ...template.Function) *Front {
		invokers := map[string]localtest.Invoker{}
		for _, f := range functions {
			invokers[f.ID] = named(f.ID)
		}
		return open(t, functions, invokers)
	}
	shop := template.Function{ID: "Shop", Routes: []template.Route{{Service: template.HTTPAPI}}}
	both := template.Function{ID: "Both", Routes: []template.Route{{Service: template.HTTPAPI, Method: "GET", Path: "/both"}, {Service: template.FunctionURL}}}
	const report = `Report $default null`

	t.Run("each has an origin of its own", func(t *testing.T) {
		t.Parallel()
		f := all(shop, url("Report"), url("Feed"), both)
		want := []FunctionURL{{"Report", "report.localhost", false}, {"Feed", "feed.localhost", false}, {"Both", "both.localhost", false}}
		if diff := cmp.Diff(want, f.FunctionURLs()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for target, want := range map[string]string{
			"http://report.localhost:3000/any/path": report,
			"http://REPORT.localhost./":             report,
			"http://feed.localhost/":                `Feed $default null`,
			"http://both.localhost:3000/both":       `Both $default null`,
			"http://localhost:3000/both":            `Both GET /both null`,
			"http://localhost:3000/any/path":        `Shop $default null`,
			"http://127.0.0.1:3000/any/path":        `Shop $default null`,
			"http://[::1]:3000/any/path":            `Shop $default null`,
			"http://report.localhost.example/":      `Shop $default null`,
		} {
			wantReply(t, ask(f, "GET", target), 200, want)
		}
	})

	t.Run("one that is alone is at the main host too", func(t *testing.T) {
		t.Parallel()
		f := all(url("Report"))
		if got := f.FunctionURLs(); len(got) != 1 || !got[0].Main {
			t.Errorf("function URLs %v", got)
		}
		wantReply(t, ask(f, "POST", "http://localhost:3000/x"), 200, report)
		wantReply(t, ask(f, "POST", "http://report.localhost:3000/x"), 200, report)
	})

	t.Run("what has no function says which there are", func(t *testing.T) {
		t.Parallel()
		wantReply(t, ask(all(shop, url("Report"), url("Feed")), "GET", "http://shop.localhost:3000/"), 404,
			"No function of the template has its URL at shop.localhost.\nReport has it at report.localhost.\nFeed has it at feed.localhost.\nThe APIs are at localhost.")
	})

	t.Run("two names that differ in case alone are refused", func(t *testing.T) {
		t.Parallel()
		want := "line 7: the function URL of REPORT would be at report.localhost, where that of Report is: run one of them with --function"
		if err := Check([]template.Function{url("Report"), url("REPORT")}); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	})
}
