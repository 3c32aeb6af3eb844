package deploy

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// cloud is a moto server, and this test as the administrator of its account.
type cloud struct {
	endpoint string
	client   *http.Client // this test's way there
	admin    aws.Config
	process  *exec.Cmd
	letGo    io.Closer // what the server ends by
	log      string    // the path of what the server complains about
}

// startCloud starts moto, which logs to a file. It ends when this process does,
// however that ends.
func startCloud(ctx context.Context, log string) (*cloud, error) {
	python, err := tool("python")
	if err != nil {
		return nil, err
	}
	c := &cloud{
		client:  &http.Client{Transport: &http.Transport{}},
		process: exec.Command(python, "testdata/cloud.py"),
		log:     log,
	}
	complaints, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	defer func() { _ = complaints.Close() }()
	c.process.Stderr = complaints
	if c.letGo, err = c.process.StdinPipe(); err != nil {
		return nil, err
	}
	output, err := c.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.process.Start(); err != nil {
		return nil, err
	}
	defer context.AfterFunc(ctx, func() { _ = c.letGo.Close() })()
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		_ = c.letGo.Close()
		return nil, fmt.Errorf("starting moto: %w\n%s", errors.Join(err, c.process.Wait()), c.complaints())
	}
	c.endpoint = strings.TrimSpace(line)
	c.admin = c.configFor("anybody", "at all", "")
	return c, nil
}

func (c *cloud) Close() error {
	c.client.CloseIdleConnections()
	_ = c.letGo.Close()
	return c.process.Wait()
}

// complaints is what the server has logged.
func (c *cloud) complaints() string {
	text, err := os.ReadFile(c.log)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// configFor is what a client needs to ask this cloud, with somebody's credentials.
func (c *cloud) configFor(key, secret, token string) aws.Config {
	return aws.Config{
		Region:       "us-east-1",
		HTTPClient:   c.client,
		BaseEndpoint: aws.String(c.endpoint),
		Credentials:  credentials.NewStaticCredentialsProvider(key, secret, token),
	}
}

// makeSigningKeys keeps keys for the cookie as docs/deploy.md says, and returns
// the secret's ARN.
func (c *cloud) makeSigningKeys(ctx context.Context) (string, error) {
	secret, err := secretsmanager.NewFromConfig(c.admin).CreateSecret(ctx, &secretsmanager.CreateSecretInput{
		Name:         aws.String("signing-keys"),
		SecretString: aws.String(`["` + signingKey + `"]`),
	})
	if err != nil {
		return "", err
	}
	return aws.ToString(secret.ARN), nil
}

// signingKey is 32 bytes in base64.
const signingKey = "c2lnbmVkIHdpdGggYSBrZXkgb2YgMzIgYnl0ZXMsIHM="

// askForPermissions makes this test an administrator, and from then on moto checks
// signatures and looks for every action in the caller's policies.
// https://docs.getmoto.org/en/latest/docs/iam.html
func (c *cloud) askForPermissions(ctx context.Context) error {
	users := iam.NewFromConfig(c.admin)
	name := aws.String("administrator")
	if _, err := users.CreateUser(ctx, &iam.CreateUserInput{UserName: name}); err != nil {
		return err
	}
	key, err := users.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: name})
	if err != nil {
		return err
	}
	if _, err := users.PutUserPolicy(ctx, &iam.PutUserPolicyInput{
		UserName: name, PolicyName: aws.String("everything"),
		PolicyDocument: aws.String(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}`),
	}); err != nil {
		return err
	}
	c.admin = c.configFor(aws.ToString(key.AccessKey.AccessKeyId), aws.ToString(key.AccessKey.SecretAccessKey), "")
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint+"/moto-api/reset-auth", strings.NewReader("0"))
	if err != nil {
		return err
	}
	answer, err := c.client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("moto does not ask for permissions: %s", answer.Status)
	}
	return nil
}

// translate returns the template as CloudFormation has it after SAM's transform.
func translate(ctx context.Context, template string, parameters map[string]string) (string, error) {
	args := []string{"e2e/deploy/testdata/translate.py", template}
	for name, value := range parameters {
		args = append(args, name+"="+value)
	}
	output, err := run(ctx, "python", args...)
	if err != nil {
		return "", err
	}
	if !json.Valid([]byte(output)) {
		return "", fmt.Errorf("the translation of %s is no JSON:\n%s", template, output)
	}
	return output, nil
}

// call asks a service that speaks JSON, and that needs no client of its own for one
// call.
func (c *cloud) call(t *testing.T, service, target string, answer any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.endpoint, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	request.Header.Set("X-Amz-Target", target)
	key, err := c.admin.Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte("{}"))
	if err := v4.NewSigner().SignHTTP(t.Context(), key, request, hex.EncodeToString(sum[:]), service, c.admin.Region, time.Now()); err != nil {
		t.Fatal(err)
	}
	response, err := c.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s\n%s", target, response.Status, body)
	}
	if err := json.Unmarshal(body, answer); err != nil {
		t.Fatalf("%s: %v\n%s", target, err, body)
	}
}
