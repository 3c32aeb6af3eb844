package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"
)

// nobody sets the environment of a user who has never heard of AWS, on a machine
// whose metadata service must not be asked.
func nobody(t *testing.T) {
	t.Helper()
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "") // to have it back after the test
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	metadata := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the metadata service was asked for %s", r.URL.Path)
	}))
	t.Cleanup(metadata.Close)
	t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata.URL)
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "config"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(t.TempDir(), "credentials"))
}

func TestAccount(t *testing.T) {
	type settings struct{ Endpoint, Region, AccessKey string }
	of := func(t *testing.T, flags tableFlags) settings {
		t.Helper()
		client, err := flags.client(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		o := client.Options()
		credentials, err := o.Credentials.Retrieve(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return settings{aws.ToString(o.BaseEndpoint), o.Region, credentials.AccessKeyID}
	}
	check := func(t *testing.T, want, got settings) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}

	t.Run("a DynamoDB Local needs no settings, and nobody is asked for them", func(t *testing.T) {
		nobody(t)
		for _, endpoint := range []string{"http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"} {
			check(t, settings{endpoint, "us-east-1", "local"}, of(t, tableFlags{EndpointURL: endpoint}))
		}
	})

	t.Run("the environment names a DynamoDB Local as for any program", func(t *testing.T) {
		nobody(t)
		t.Setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://localhost:8000")
		check(t, settings{"http://localhost:8000", "us-east-1", "local"}, of(t, tableFlags{}))
	})

	t.Run("a DynamoDB Local gets the settings that there are: it may keep a database for each", func(t *testing.T) {
		nobody(t)
		t.Setenv("AWS_REGION", "eu-central-1")
		t.Setenv("AWS_ACCESS_KEY_ID", "mine")
		t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
		check(t, settings{"http://localhost:8000", "eu-central-1", "mine"}, of(t, tableFlags{EndpointURL: "http://localhost:8000"}))
	})

	t.Run("flags go over the environment", func(t *testing.T) {
		nobody(t)
		t.Setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://localhost:8000")
		t.Setenv("AWS_REGION", "eu-central-1")
		check(t, settings{"http://localhost:9000", "eu-west-1", "local"},
			of(t, tableFlags{Region: "eu-west-1", EndpointURL: "http://localhost:9000"}))
	})

	t.Run("a profile brings its region and credentials", func(t *testing.T) {
		nobody(t)
		err := os.WriteFile(os.Getenv("AWS_CONFIG_FILE"), []byte(`[profile staging]
region = ap-south-1
aws_access_key_id = staging
aws_secret_access_key = secret
`), 0o600)
		if err != nil {
			t.Fatal(err)
		}
		t.Setenv("AWS_ACCESS_KEY_ID", "mine")
		t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
		check(t, settings{"", "ap-south-1", "staging"}, of(t, tableFlags{Profile: "staging"}))
	})

	t.Run("an account without a region is told what to set", func(t *testing.T) {
		nobody(t)
		_, err := (&tableFlags{}).client(t.Context())
		if !strings.HasPrefix(errorText(err), "no AWS region: set --region or AWS_REGION") {
			t.Errorf("got %v", err)
		}
	})

	t.Run("an account without credentials is told what to set", func(t *testing.T) {
		nobody(t)
		t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
		_, err := (&tableFlags{Region: "eu-central-1"}).client(t.Context())
		if !strings.HasPrefix(errorText(err), "no AWS credentials: set --profile or AWS_PROFILE, or AWS_ACCESS_KEY_ID") {
			t.Errorf("got %v", err)
		}
	})

	t.Run("a profile that there is not is named", func(t *testing.T) {
		nobody(t)
		_, err := (&tableFlags{Profile: "stagin"}).client(t.Context())
		if !strings.Contains(errorText(err), "stagin") {
			t.Errorf("got %v", err)
		}
	})

	t.Run("waiting for credentials ends with the command", func(t *testing.T) {
		nobody(t)
		pipe := filepath.Join(t.TempDir(), "pipe")
		if err := exec.CommandContext(t.Context(), "mkfifo", pipe).Run(); err != nil {
			t.Fatal(err)
		}
		err := os.WriteFile(os.Getenv("AWS_CONFIG_FILE"), []byte("[default]\ncredential_process = cat "+pipe+"\n"), 0o600)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		ended := make(chan error)
		go func() {
			_, err := (&tableFlags{Region: "eu-central-1"}).client(ctx)
			ended <- err
		}()
		asked, err := os.OpenFile(pipe, os.O_WRONLY, 0) // as soon as somebody reads it
		if err != nil {
			t.Fatal(err)
		}
		cancel(errInterrupted)
		if err := <-ended; err != errInterrupted {
			t.Errorf("got %v", err)
		}
		if err := asked.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestTableFlags(t *testing.T) {
	t.Parallel()
	defaults := tableFlags{Table: "sessions", PartitionKey: "pk", SortKey: "sk", TTLAttribute: "expires"}
	for _, c := range []struct {
		name   string
		change func(*tableFlags)
		want   string
	}{
		{"a table is all that is needed", func(*tableFlags) {}, ""},
		{"no table", func(f *tableFlags) { f.Table = "" }, "no table: name it with --table or SESSION_TABLE"},
		{"a table's name that none can have", func(f *tableFlags) { f.Table = "my sessions" }, `--table "my sessions" is no table's name`},
		{"an endpoint without its scheme", func(f *tableFlags) { f.EndpointURL = "localhost:8000" }, `--endpoint-url is "localhost:8000": want a URL such as http://localhost:8000`},
		{"a sort key that the items use themselves", func(f *tableFlags) { f.SortKey = "data" }, "--sort-key"},
		{"one name for two attributes", func(f *tableFlags) { f.TTLAttribute = "pk" }, "--partition-key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			flags := defaults
			c.change(&flags)
			if got := errorText(flags.Validate()); (c.want == "") != (got == "") || !strings.Contains(got, c.want) || strings.Contains(got, "Config") {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestWords(t *testing.T) {
	t.Setenv("SESSION_TABLE", "sessions")
	defaults := tableFlags{Table: "sessions", PartitionKey: "pk", SortKey: "sk", TTLAttribute: "expires"}
	if got := defaults.words(); got != nil {
		t.Errorf("got %q, want nothing: all of it is the default", got)
	}
	other := tableFlags{
		Table: "other", PartitionKey: "id", SortKey: "sort", TTLAttribute: "ttl", KeyPrefix: "it's $HOME",
		Region: "eu-west-1", Profile: "staging", EndpointURL: "http://localhost:8000",
	}
	want := []string{
		"--table=other", `'--key-prefix=it'\''s $HOME'`, "--partition-key=id", "--sort-key=sort", "--ttl-attribute=ttl",
		"--region=eu-west-1", "--profile=staging", "--endpoint-url=http://localhost:8000",
	}
	if diff := cmp.Diff(want, other.words()); diff != "" {
		t.Error(diff)
	}
}
