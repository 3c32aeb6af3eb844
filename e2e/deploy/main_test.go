package deploy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// root is the repository.
const root = "../.."

// The two ways to deploy, as samconfig.toml has them.
const (
	byDefault    = "default"
	inProduction = "production"
)

// built is what all tests look at, and none changes but roles_test.go, which puts
// back what it took.
var built struct {
	folder string // of sam's artefacts
	cloud  *cloud
	stacks map[string]*stack // by the environment of samconfig.toml
	secret string            // the ARN of the production's signing keys
	topic  string            // the ARN of the production's topic for alarms
}

func TestMain(m *testing.M) {
	status, err := prepareAndRun(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}

// prepareAndRun builds and deploys, which takes far longer than any of the tests.
func prepareAndRun(m *testing.M) (status int, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Minute)
	defer cancel()
	built.folder, err = os.MkdirTemp("", "lambdasession-deploy-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(built.folder)
	if err := samBuild(ctx, built.folder); err != nil {
		return 0, err
	}
	built.cloud, err = startCloud(ctx, filepath.Join(built.folder, "moto.log"))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, built.cloud.Close()) }()
	if err := deployAll(ctx); err != nil {
		return 0, err
	}
	status = m.Run()
	built.cloud.client.CloseIdleConnections()
	return status, goleak.Find()
}

// deployAll deploys both environments, and from then on has the cloud ask for
// permissions.
func deployAll(ctx context.Context) (err error) {
	built.topic = "arn:aws:sns:us-east-1:123456789012:alarms"
	if built.secret, err = built.cloud.makeSigningKeys(ctx); err != nil {
		return err
	}
	parameters, err := samconfigParameters(filepath.Join(root, "samconfig.toml"), inProduction)
	if err != nil {
		return err
	}
	parameters["SigningKeysSecret"] = built.secret
	parameters["AlarmTopic"] = built.topic
	built.stacks = map[string]*stack{}
	for name, parameters := range map[string]map[string]string{byDefault: {}, inProduction: parameters} {
		parameters["Architecture"] = thisArchitecture()
		if built.stacks[name], err = built.cloud.deploy(ctx, name, filepath.Join(built.folder, "template.yaml"), parameters); err != nil {
			return fmt.Errorf("deploying %s: %w", name, err)
		}
	}
	return built.cloud.askForPermissions(ctx)
}

// thisArchitecture is this machine's, by Lambda's name, so that what is built for
// it runs here.
func thisArchitecture() string {
	if runtime.GOARCH == "amd64" {
		return "x86_64"
	}
	return runtime.GOARCH
}
