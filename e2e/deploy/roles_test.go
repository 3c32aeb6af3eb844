package deploy

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// TestARoleAllowsWhatItsFunctionDoesAndNothingElse runs each built function on the
// deployed table with the credentials of its role. The functions take turns: they
// share a table, and moto undoes a failed transaction by putting back the whole of
// that.
func TestARoleAllowsWhatItsFunctionDoesAndNothingElse(t *testing.T) {
	t.Parallel()
	roles := iam.NewFromConfig(built.cloud.admin)
	for _, id := range functions() {
		t.Run(id, func(t *testing.T) {
			f := built.stacks[inProduction].functions[id]
			name, whole, err := f.policy(t.Context(), roles)
			if err != nil {
				t.Fatal(err)
			}
			asked, err := f.visit(t, id)
			if err != nil {
				t.Fatalf("with all that its role allows: %v", err)
			}
			if diff := cmp.Diff(asked, whole.actions()); diff != "" {
				t.Errorf("what the function asked for (-), and what its role allows (+):\n%s", diff)
			}
			for _, action := range whole.actions() {
				t.Run("needs "+action, func(t *testing.T) {
					f.setPolicy(t, roles, name, whole.without(action))
					if _, err := f.visit(t, id); !isRefused(err) {
						t.Errorf("without %s the visit ends with %v, want a failure of the function", action, err)
					}
				})
			}
			f.setPolicy(t, roles, name, whole)
		})
	}
}

// isRefused reports whether an error says that the function could not do its work:
// it did not start, or answered that it cannot.
func isRefused(err error) bool {
	if answer, ok := errors.AsType[*refusal](err); ok {
		return answer.status == http.StatusServiceUnavailable
	}
	_, ok := errors.AsType[*localtest.FunctionError](err)
	return ok
}

// visit runs a function as it is deployed and visits it. It returns the actions
// that the function asked the cloud for, and an error if the function did not start
// or did not answer.
func (f *deployedFunction) visit(t *testing.T, id string) ([]string, error) {
	t.Helper()
	recorded := startRecorder(t, built.cloud.endpoint)
	server, end, err := f.serve(t, id, recorded.URL, f.credentials)
	if err != nil {
		return recorded.actions(), err
	}
	defer end()
	err = visits[id].visit(server)
	return recorded.actions(), err
}

// serve runs a function behind its gateway, with somebody's credentials, until end
// is called.
func (f *deployedFunction) serve(t *testing.T, id, endpoint string, as aws.Credentials) (server *httptest.Server, end func(), err error) {
	t.Helper()
	running, err := localtest.StartFunction(t.Context(), f.localConfig(t, id, endpoint, as))
	if err != nil {
		return nil, nil, err
	}
	server = httptest.NewServer(visits[id].gateway(running))
	return server, func() {
		server.Close()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
		defer cancel()
		if err := running.Shutdown(ctx); err != nil {
			t.Error(err)
		}
	}, nil
}

// localConfig is the function as Lambda would run it, with its own settings.
func (f *deployedFunction) localConfig(t *testing.T, id, endpoint string, as aws.Credentials) localtest.FunctionConfig {
	t.Helper()
	env := maps.Clone(f.config.Environment.Variables)
	maps.Copy(env, map[string]string{
		"AWS_ACCESS_KEY_ID":                as.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY":            as.SecretAccessKey,
		"AWS_SESSION_TOKEN":                as.SessionToken,
		"AWS_ENDPOINT_URL_DYNAMODB":        endpoint,
		"AWS_ENDPOINT_URL_SECRETS_MANAGER": endpoint,
	})
	return localtest.FunctionConfig{
		Name:      aws.ToString(f.config.FunctionName),
		Bootstrap: bootstrap(id),
		Env:       env,
		Handler:   aws.ToString(f.config.Handler),
		Timeout:   time.Duration(aws.ToInt32(f.config.Timeout)) * time.Second,
		MemoryMB:  int(aws.ToInt32(f.config.MemorySize)),
		LogFormat: string(f.config.LoggingConfig.LogFormat),
		Log:       func(_, line string) { t.Log(line) },
	}
}

func TestARoleReachesNoOtherTable(t *testing.T) {
	t.Parallel()
	other := built.stacks[byDefault].resources["SessionsTable"].id
	for _, id := range functions() {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			role := built.stacks[inProduction].functions[id].credentials
			client := dynamodb.NewFromConfig(built.cloud.configFor(role.AccessKeyID, role.SecretAccessKey, role.SessionToken))
			_, err := client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String(other), Key: map[string]types.AttributeValue{
				"pk": &types.AttributeValueMemberS{Value: "s#"}, "sk": &types.AttributeValueMemberS{Value: "s"},
			}})
			if refused, ok := errors.AsType[smithy.APIError](err); !ok || !strings.Contains(refused.ErrorCode(), "AccessDenied") {
				t.Errorf("reading the table of another stack: %v, want AccessDenied", err)
			}
		})
	}
}
