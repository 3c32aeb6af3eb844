package localtest

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

// region and account are where local functions believe they are.
const (
	region  = "us-east-1"
	account = "123456789012"
)

// environ is the environment of one process, as KEY=value: Lambda's own
// variables, the function's over them, and the address of its Runtime API.
// Lambda's LD_LIBRARY_PATH is left out, since it names folders of its own, and so
// is the address of an X-Ray daemon, since there is none. AWS_EXECUTION_ENV is
// not set for what brings its own bootstrap.
//
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func (f *Function) environ(runtimeAPI string) []string {
	c := f.config
	vars := map[string]string{
		"AWS_DEFAULT_REGION":              region,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(c.MemoryMB),
		"AWS_LAMBDA_FUNCTION_NAME":        c.Name,
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_FORMAT":           c.LogFormat,
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + c.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME":      "local",
		"AWS_REGION":                      region,
		"AWS_XRAY_CONTEXT_MISSING":        "LOG_ERROR",
		"LAMBDA_RUNTIME_DIR":              filepath.Dir(c.Bootstrap),
		"LAMBDA_TASK_ROOT":                filepath.Dir(c.Bootstrap),
		"LANG":                            "en_US.UTF-8",
		"PATH":                            "/usr/local/bin:/usr/bin:/bin:/opt/bin",
		"TZ":                              ":UTC",
		"_HANDLER":                        c.Handler,
	}
	if !slices.ContainsFunc(credentials, func(name string) bool { return c.Env[name] != "" }) {
		for _, name := range credentials {
			vars[name] = "local"
		}
	}
	maps.Copy(vars, c.Env)
	vars["AWS_LAMBDA_RUNTIME_API"] = runtimeAPI
	environ := make([]string, 0, len(vars))
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		environ = append(environ, name+"="+vars[name])
	}
	return environ
}

// credentials are made up, unless Env has any of them: a token that belongs to no
// key would spoil it.
var credentials = []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}

// reserved are the variables that Lambda lets no function's configuration set, but
// for the credentials: on Lambda they are the role's, here there is no role.
var reserved = []string{
	"AWS_DEFAULT_REGION",
	"AWS_EXECUTION_ENV",
	"AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
	"AWS_LAMBDA_FUNCTION_NAME",
	"AWS_LAMBDA_FUNCTION_VERSION",
	"AWS_LAMBDA_INITIALIZATION_TYPE",
	"AWS_LAMBDA_LOG_GROUP_NAME",
	"AWS_LAMBDA_LOG_STREAM_NAME",
	"AWS_LAMBDA_MAX_CONCURRENCY",
	"AWS_LAMBDA_METADATA_API",
	"AWS_LAMBDA_METADATA_TOKEN",
	"AWS_LAMBDA_RUNTIME_API",
	"AWS_REGION",
	"LAMBDA_RUNTIME_DIR",
	"LAMBDA_TASK_ROOT",
	"_HANDLER",
	"_X_AMZN_TRACE_ID",
}

// variableName is what Lambda takes as the name of a variable.
// https://docs.aws.amazon.com/lambda/latest/api/API_Environment.html
var variableName = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]+$`)

// checkEnv says which names Lambda would refuse.
func checkEnv(env map[string]string) error {
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(env)) {
		switch {
		case slices.Contains(reserved, name):
			problems = append(problems, fmt.Errorf("localtest: FunctionConfig.Env sets %s, which Lambda reserves for itself; leave it out", name))
		case !variableName.MatchString(name):
			problems = append(problems, fmt.Errorf("localtest: FunctionConfig.Env sets %q; on Lambda a name begins with a letter and has at least one more letter, digit or underscore, and nothing else", name))
		}
	}
	return errors.Join(problems...)
}
