package localtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"time"
)

const dockerImage = "amazon/dynamodb-local"

// startWithDocker runs DynamoDB Local in a container, published on the loopback
// interface alone.
func startWithDocker(ctx context.Context, progress func(string)) (*program, string, error) {
	docker, err := exec.LookPath("docker")
	if err != nil {
		return nil, "", err
	}
	if _, err := run(ctx, docker, "version", "--format", "{{.Server.Version}}"); err != nil {
		return nil, "", err
	}
	image := dockerImage + ":" + dynamoDBVersion()
	progress("starting " + image + " in Docker")
	name := "localtest-" + strings.ToLower(rand.Text())
	stop := `"$1" rm --force ` + name + `; kill -s KILL "$child"` // $1 is docker
	p, err := startProgram(stop, func(string) []string {
		return []string{
			docker, "run", "--rm", "--name", name, "--publish", "127.0.0.1::8000", image,
			"-jar", "DynamoDBLocal.jar", "-inMemory", "-sharedDb", "-disableTelemetry",
		}
	})
	if err != nil {
		return nil, "", err
	}
	var endpoint string
	err = p.waitUntil(ctx, func() bool {
		if endpoint == "" {
			endpoint = publishedAt(ctx, docker, name)
		}
		return endpoint != "" && answers(ctx, endpoint)
	})
	if err != nil {
		return nil, "", errors.Join(fmt.Errorf("docker run %s: %w", image, err), p.stop())
	}
	return p, endpoint, nil
}

// publishedAt is where Docker has put the container's port, and "" until it has.
func publishedAt(ctx context.Context, docker, name string) string {
	output, err := run(ctx, docker, "port", name, "8000/tcp")
	if err != nil {
		return ""
	}
	address, _, _ := strings.Cut(output, "\n")
	if _, _, err := net.SplitHostPort(address); err != nil {
		return ""
	}
	return "http://" + address
}

// answers reports whether a DynamoDB answers there, in time to ask again.
func answers(ctx context.Context, endpoint string) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	transport := newTransport()
	defer transport.CloseIdleConnections()
	return ping(ctx, newClient(endpoint, transport)) == nil
}

// run returns what a command prints.
func run(ctx context.Context, name string, args ...string) (string, error) {
	output, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w%s", name, args[0], err, tail(string(output)))
	}
	return strings.TrimSpace(string(output)), nil
}
