package e2e

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestReportStreams fetches the sample's report from its function URL: the first
// line is there while the function still writes, which the console shows.
func TestReportStreams(t *testing.T) {
	t.Parallel()
	sample := startShop(t, "--function", "ShopFunction", "--function", "ReportFunction")
	address, err := url.Parse(sample.url)
	if err != nil {
		t.Fatal(err)
	}
	console := openConsole(t, sample)
	console.open("/")
	console.waitFor(`#live[data-state="live"]`)

	// A function URL is an origin of its own, with a sign-in of its own.
	host := "reportfunction.localhost:" + address.Port()
	visitor := openBrowser(t, "http://"+host)
	visitor.open("/")
	visitor.goTo(typed("[name=name]", "ada"), typed("[name=password]", "analytical-engine"), press(`form[action="/signin"]`))
	cookie := visitor.cookie(sessionCookie)
	if cookie == nil {
		t.Fatal("there is no session cookie")
	}

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, sample.url+"/orders.csv?rows=1000000", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = host // which only browsers know to be here
	request.AddCookie(&http.Cookie{Name: sessionCookie, Value: cookie.Value})
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	report := bufio.NewReader(response.Body)
	line, err := report.ReadString('\n')
	if err != nil || line != "date,order,sku,quantity,price_cents\n" {
		t.Fatalf("the report begins with %q, error %v", line, err)
	}
	under := `.request[data-request="GET /orders.csv"]`
	console.waitFor(under + `[data-state="running"]`)

	rest := &lineCounter{}
	if _, err := io.Copy(rest, report); err != nil || rest.lines != 1_000_000 {
		t.Errorf("the report has %d rows, error %v", rest.lines, err)
	}
	done := console.waitForRow(`[data-request="GET /orders.csv"][data-state="answered"][data-calls="2"]`)
	if done.Route != "function URL streaming" || strings.Join(done.Calls, " ") != "GetItem UpdateItem" {
		t.Errorf("its row is %+v, want that of a function URL, streaming, which reads and writes the session", done)
	}
	console.wantNoComplaint()
}

// lineCounter counts the lines that are written to it.
type lineCounter struct{ lines int }

func (c *lineCounter) Write(p []byte) (int, error) {
	c.lines += bytes.Count(p, []byte{'\n'})
	return len(p), nil
}
