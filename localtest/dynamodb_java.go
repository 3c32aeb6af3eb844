package localtest

import (
	"context"
	_ "embed"
	"encoding/xml"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

//go:embed pom.xml
var pom []byte

// dynamoDBVersion is the version that the pom names.
var dynamoDBVersion = sync.OnceValue(func() string {
	var project struct {
		Version string `xml:"version"`
	}
	if err := xml.Unmarshal(pom, &project); err != nil {
		panic(err) // it is compiled in
	}
	return project.Version
})

// oldestJava is what DynamoDB Local 3 needs.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.DownloadingAndRunning.html
const oldestJava = 17

// startWithJava runs DynamoDB Local in a Java of this machine.
func startWithJava(ctx context.Context, progress func(string)) (*program, string, error) {
	java, err := findJava(ctx)
	if err != nil {
		return nil, "", err
	}
	jars, err := installJars(ctx, progress)
	if err != nil {
		return nil, "", err
	}
	progress("starting DynamoDB Local " + dynamoDBVersion())
	for tries := 0; ; tries++ {
		port, err := freePort(ctx)
		if err != nil {
			return nil, "", err
		}
		p, err := runJava(ctx, java, jars, port)
		if err == nil {
			return p, "http://127.0.0.1:" + port, nil
		}
		// Between our finding the port and its taking it, another may have.
		if tries == 2 || !strings.Contains(err.Error(), "Address already in use") {
			return nil, "", fmt.Errorf("starting DynamoDB Local: %w", err)
		}
	}
}

func runJava(ctx context.Context, java, jars, port string) (*program, error) {
	p, err := startProgram(`kill -s KILL "$child"`, func(dir string) []string {
		return []string{
			java,
			// One that starts fast, for one developer: half a second less.
			"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
			// What it unpacks goes where it is removed.
			"-Djava.io.tmpdir=" + dir, "-XX:-UsePerfData",
			"-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
			"-Dorg.slf4j.simpleLogger.log.org.eclipse.jetty.server.AbstractConnector=info",
			"-cp", filepath.Join(jars, "*"),
			"software.amazon.dynamodb.services.local.main.ServerRunner",
			"-inMemory", "-sharedDb", "-disableTelemetry", "-port", port,
		}
	})
	if err != nil {
		return nil, err
	}
	// Asking the port would not do: it might be somebody else who answers.
	listens := func() bool { return strings.Contains(p.printed(), "Started ServerConnector") }
	if err := p.waitUntil(ctx, listens); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return p, nil
}

// findJava returns the path of a Java that is new enough.
func findJava(ctx context.Context) (string, error) {
	java := "java"
	if home := os.Getenv("JAVA_HOME"); home != "" {
		java = filepath.Join(home, "bin", "java")
	}
	java, err := exec.LookPath(java)
	if err != nil {
		return "", err
	}
	output, err := exec.CommandContext(ctx, java, "-version").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s -version: %w%s", java, err, tail(string(output)))
	}
	version, ok := javaVersion(string(output))
	if !ok {
		return "", fmt.Errorf("%s -version names no version%s", java, tail(string(output)))
	}
	if version < oldestJava {
		return "", fmt.Errorf("%s is Java %d", java, version)
	}
	return java, nil
}

// javaVersion finds the major version in what "java -version" prints, such as
// openjdk version "17.0.15" 2025-04-15. Up to Java 8 it read "1.8.0".
func javaVersion(output string) (major int, ok bool) {
	_, quoted, _ := strings.Cut(output, `version "`)
	number, _, _ := strings.Cut(strings.TrimPrefix(quoted, "1."), ".")
	number, _, _ = strings.Cut(number, `"`)
	number, _, _ = strings.Cut(number, "-") // 26-ea
	major, err := strconv.Atoi(number)
	return major, err == nil
}

// freePort finds a port that is free on every interface, which is where
// DynamoDB Local listens.
func freePort(ctx context.Context) (string, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", ":0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	return port, err
}
