//go:build unix

package localtest_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

func startDynamoDB(ctx context.Context) (*localtest.Server, error) {
	return localtest.StartDynamoDB(ctx, nil)
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not say %q: %v", part, err)
		}
	}
}

func TestStartDynamoDBElsewhere(t *testing.T) {
	t.Run("an endpoint that the environment names is used, and left running", func(t *testing.T) {
		db := localtest.DynamoDB(t)
		t.Setenv("DYNAMODB_LOCAL_ENDPOINT", db.Endpoint())
		server, err := startDynamoDB(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if server.Endpoint() != db.Endpoint() {
			t.Errorf("endpoint %s; want %s", server.Endpoint(), db.Endpoint())
		}
		for range 2 {
			if err := server.Close(); err != nil {
				t.Error(err)
			}
		}
		if _, err := db.Client.ListTables(t.Context(), &dynamodb.ListTablesInput{}); err != nil {
			t.Errorf("after Close: %v", err)
		}
	})

	t.Run("an endpoint that is no URL is refused, without looking further", func(t *testing.T) {
		for _, endpoint := range []string{"localhost:8000", "8000", "ftp://localhost", "http://", ":"} {
			t.Setenv("DYNAMODB_LOCAL_ENDPOINT", endpoint)
			_, err := startDynamoDB(t.Context())
			wantError(t, err, "DYNAMODB_LOCAL_ENDPOINT", fmt.Sprintf("%q", endpoint), "http://localhost:8000")
		}
	})

	t.Run("an endpoint where nothing answers is refused, without looking further", func(t *testing.T) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_ = listener.Close()
		endpoint := "http://" + listener.Addr().String()
		t.Setenv("DYNAMODB_LOCAL_ENDPOINT", endpoint)
		_, err = startDynamoDB(t.Context())
		wantError(t, err, "DYNAMODB_LOCAL_ENDPOINT", endpoint, "no DynamoDB Local answers", "connection refused")
	})

	t.Run("where there is nothing the error names three ways out", func(t *testing.T) {
		newMachine(t)
		_, err := startDynamoDB(t.Context())
		wantError(t, err, "one of these three", "DYNAMODB_LOCAL_ENDPOINT", "Java 17", "Maven", "Docker",
			`"java": executable file not found`, `"docker": executable file not found`)
	})
}

func TestStartDynamoDBWithJava(t *testing.T) {
	t.Run("downloads it once, starts it, and ends it on Close", func(t *testing.T) {
		m := newMachine(t)
		m.install("java", javaThatListens)
		m.install("mvn", mavenThatDownloads)
		var told []string
		for range 2 {
			server, err := localtest.StartDynamoDB(t.Context(), func(s string) { told = append(told, s) })
			if err != nil {
				t.Fatal(err)
			}
			if err := server.Close(); err != nil {
				t.Error(err)
			}
		}
		want := []string{
			"downloading DynamoDB Local 3.1.0 with Maven",
			"starting DynamoDB Local 3.1.0",
			"starting DynamoDB Local 3.1.0",
		}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		notes := m.notes()
		if len(notes) != 3 || notes[0] != "mvn" {
			t.Fatalf("ran %q", notes)
		}
		for _, note := range notes[1:] {
			if err := exec.Command("/bin/sh", "-c", `kill -0 "$1"`, "sh", strings.TrimPrefix(note, "java ")).Run(); err == nil {
				t.Errorf("%s still runs", note)
			}
		}
		m.wantClean()
	})

	t.Run("several at once download it once", func(t *testing.T) {
		m := newMachine(t)
		m.install("java", javaThatListens)
		m.install("mvn", "sleep 0.2\n"+mavenThatDownloads)
		var starts sync.WaitGroup
		for range 5 {
			starts.Go(func() {
				server, err := startDynamoDB(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				_ = server.Close()
			})
		}
		starts.Wait()
		downloads := 0
		for _, note := range m.notes() {
			if note == "mvn" {
				downloads++
			}
		}
		if downloads != 1 {
			t.Errorf("%d downloads", downloads)
		}
	})

	t.Run("a download that fails leaves nothing behind and says why", func(t *testing.T) {
		m := newMachine(t)
		m.install("java", javaThatListens)
		m.install("mvn", mavenThatDownloads+"\necho '[ERROR] Unknown host'; exit 1")
		_, err := startDynamoDB(t.Context())
		wantError(t, err, "[ERROR] Unknown host", "DYNAMODB_LOCAL_ENDPOINT")
		m.install("mvn", mavenThatDownloads)
		server, err := startDynamoDB(t.Context())
		if err != nil {
			t.Fatalf("the next time: %v", err)
		}
		_ = server.Close()
		if left, _ := filepath.Glob(filepath.Join(os.Getenv("XDG_CACHE_HOME"), "lambdasession", "download-*")); len(left) != 0 {
			t.Errorf("left: %v", left)
		}
	})

	t.Run("Java without Maven is not enough the first time", func(t *testing.T) {
		m := newMachine(t)
		m.install("java", javaThatListens)
		_, err := startDynamoDB(t.Context())
		wantError(t, err, `"mvn": executable file not found`)
	})

	t.Run("a Java that is too old, or none, is not taken", func(t *testing.T) {
		for version, want := range map[string]string{
			`openjdk version "11.0.2" 2019-01-15`: "is Java 11",
			`java version "1.8.0_202"`:            "is Java 8",
			`openjdk version "16-ea" 2021-03-16`:  "is Java 16",
			`no runtime present`:                  "names no version",
		} {
			m := newMachine(t)
			m.install("java", "echo '"+version+"' >&2")
			_, err := startDynamoDB(t.Context())
			wantError(t, err, want)
		}
	})

	t.Run("JAVA_HOME comes before the PATH", func(t *testing.T) {
		m := newMachine(t)
		m.install("mvn", mavenThatDownloads)
		m.install("java", "exit 1")
		if err := os.Mkdir(filepath.Join(m.bin, "bin"), 0o755); err != nil {
			t.Fatal(err)
		}
		m.install("bin/java", javaThatListens)
		t.Setenv("JAVA_HOME", m.bin)
		server, err := startDynamoDB(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		_ = server.Close()
	})

	t.Run("one that crashes shows what it printed last", func(t *testing.T) {
		m := newMachine(t)
		m.install("java", java17+`for i in 1 2 3; do echo "line $i"; done; echo "Error: no memory" >&2; exit 1`)
		m.install("mvn", mavenThatDownloads)
		_, err := startDynamoDB(t.Context())
		wantError(t, err, "starting DynamoDB Local", "it has ended by itself", "line 1", "Error: no memory")
		m.wantClean()
	})

	t.Run("one that does not get ready is ended with the context", func(t *testing.T) {
		m := newMachine(t)
		m.install("java", java17+`echo "still loading"; echo started >>"$notes"; exec sleep 600`)
		m.install("mvn", mavenThatDownloads)
		ctx, cancel := context.WithCancelCause(t.Context())
		var waiting sync.WaitGroup
		waiting.Go(func() {
			eventually(t, "java has not started", func() bool { return len(m.notes()) == 2 })
			cancel(errors.New("enough"))
		})
		_, err := startDynamoDB(ctx)
		waiting.Wait()
		wantError(t, err, "not ready in time", "enough", "still loading")
		m.wantClean()
	})

	t.Run("another port is taken when somebody was faster", func(t *testing.T) {
		m := newMachine(t)
		m.install("java", java17+`echo java >>"$notes"
[ -e "$notes.second" ] || { touch "$notes.second"; echo "java.net.BindException: Address already in use"; exit 1; }
echo "Started ServerConnector"
exec sleep 600`)
		m.install("mvn", mavenThatDownloads)
		server, err := startDynamoDB(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		_ = server.Close()
		if got := m.notes(); len(got) != 3 {
			t.Errorf("ran %q", got)
		}
	})
}

//nolint:paralleltest // newMachine sets environment variables.
func TestStartDynamoDBWithDocker(t *testing.T) {
	t.Run("runs a container, asks for its port, and removes it on Close", func(t *testing.T) {
		running := strings.TrimPrefix(localtest.DynamoDB(t).Endpoint(), "http://") // stands in for the container's
		m := newMachine(t)
		m.install("docker", `echo "$*" >>"$notes"
case $1 in
run)  exec sleep 600 ;;
port) [ -e "$notes.second" ] || { touch "$notes.second"; echo "no such container" >&2; exit 1; }
      echo `+running+` ;;
esac`)
		server, err := startDynamoDB(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := server.Endpoint(); got != "http://"+running {
			t.Errorf("endpoint %s; want %s", got, running)
		}
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		name := regexp.MustCompile(`localtest-[a-z0-9]+`)
		var got []string
		for _, note := range m.notes() {
			got = append(got, name.ReplaceAllString(note, "NAME"))
		}
		slices.Sort(got) // run and the first port are at the same time
		want := []string{
			"port NAME 8000/tcp",
			"port NAME 8000/tcp",
			"rm --force NAME",
			"run --rm --name NAME --publish 127.0.0.1::8000 amazon/dynamodb-local:3.1.0 -jar DynamoDBLocal.jar -inMemory -sharedDb -disableTelemetry",
			"version --format {{.Server.Version}}",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("docker (-want +got):\n%s", diff)
		}
		m.wantClean()
	})

	t.Run("an engine that does not answer is named", func(t *testing.T) {
		m := newMachine(t)
		m.install("docker", `echo "Cannot connect to the Docker daemon" >&2; exit 1`)
		_, err := startDynamoDB(t.Context())
		wantError(t, err, "Cannot connect to the Docker daemon", "Java 17", "DYNAMODB_LOCAL_ENDPOINT")
	})

	t.Run("a container that does not start says why", func(t *testing.T) {
		m := newMachine(t)
		m.install("docker", `case $1 in run) echo "manifest unknown"; exit 125;; port) exit 1;; esac`)
		_, err := startDynamoDB(t.Context())
		wantError(t, err, "docker run amazon/dynamodb-local:3.1.0", "manifest unknown")
		m.wantClean()
	})
}
