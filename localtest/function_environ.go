package localtest

import (
	"maps"
	"path/filepath"
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
//
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func (f *Function) environ(runtimeAPI string) []string {
	c := f.config
	vars := map[string]string{
		"AWS_ACCESS_KEY_ID":               "local",
		"AWS_DEFAULT_REGION":              region,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(c.MemoryMB),
		"AWS_LAMBDA_FUNCTION_NAME":        c.Name,
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + c.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME":      "local",
		"AWS_REGION":                      region,
		"AWS_SECRET_ACCESS_KEY":           "local",
		"LAMBDA_RUNTIME_DIR":              filepath.Dir(c.Bootstrap),
		"LAMBDA_TASK_ROOT":                filepath.Dir(c.Bootstrap),
		"LANG":                            "en_US.UTF-8",
		"PATH":                            "/usr/local/bin:/usr/bin:/bin:/opt/bin",
		"TZ":                              ":UTC",
		"_HANDLER":                        c.Handler,
	}
	maps.Copy(vars, c.Env)
	vars["AWS_LAMBDA_RUNTIME_API"] = runtimeAPI
	environ := make([]string, 0, len(vars))
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		environ = append(environ, name+"="+vars[name])
	}
	return environ
}
