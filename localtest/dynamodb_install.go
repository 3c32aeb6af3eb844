package localtest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// installJars returns the folder of DynamoDB Local's jars in the user's cache,
// downloading them if it is not there yet. Several processes may do so at once:
// one downloads, the others wait for it.
func installJars(ctx context.Context, progress func(string)) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	cache = filepath.Join(cache, "lambdasession")
	jars := filepath.Join(cache, "dynamodb-local-"+dynamoDBVersion())
	if installed(jars) {
		return jars, nil
	}
	mvn, err := exec.LookPath("mvn")
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	unlock, err := lockFile(ctx, jars+".lock")
	if err != nil {
		return "", err
	}
	defer unlock()
	if installed(jars) { // by whom we waited for
		return jars, nil
	}
	progress("downloading DynamoDB Local " + dynamoDBVersion() + " with Maven")
	if err := download(ctx, mvn, jars); err != nil {
		return "", fmt.Errorf("downloading DynamoDB Local: %w", err)
	}
	return jars, nil
}

func installed(jars string) bool {
	_, err := os.Stat(jars)
	return err == nil
}

// download makes the folder jars, whole or not at all.
func download(ctx context.Context, mvn, jars string) error {
	dir, err := os.MkdirTemp(filepath.Dir(jars), "download-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	project := filepath.Join(dir, "pom.xml")
	if err := os.WriteFile(project, pom, 0o644); err != nil {
		return err
	}
	complete := filepath.Join(dir, "jars")
	maven := exec.CommandContext(ctx, mvn, "--batch-mode", "--quiet", "--file", project,
		"dependency:copy-dependencies",
		"-DincludeScope=runtime",
		"-DexcludeTypes=so,dylib,dll", // its own jar brings them, for more machines
		"-DoutputDirectory="+complete)
	maven.Dir = dir // none of the caller's .mvn settings
	if output, err := maven.CombinedOutput(); err != nil {
		return fmt.Errorf("mvn: %w%s", err, tail(string(output)))
	}
	if err := os.Rename(complete, jars); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
