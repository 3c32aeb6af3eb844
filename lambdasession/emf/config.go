package emf

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

// DefaultNamespace is where CloudWatch shows the metrics.
const DefaultNamespace = "lambdasession"

// What CloudWatch takes.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html
const (
	maxName       = 255  // characters in the name of a namespace or a dimension
	maxValue      = 1024 // characters in the value of a dimension
	maxDimensions = 30   // of one metric, Operation among them
)

// Config says where the metrics go. Its zero value is a good one.
type Config struct {
	// Namespace is the metrics' namespace in CloudWatch: "lambdasession".
	Namespace string

	// Writer takes the lines, one Write each: os.Stdout.
	Writer io.Writer

	// Dimensions are given to every metric besides Operation, such as
	// {"Service": "shop"}. Each combination of values is a metric of its own.
	Dimensions map[string]string
}

// complete fills in the defaults and reports every problem at once.
func (c Config) complete() (Config, error) {
	var problems []error
	problem := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }

	if c.Namespace == "" {
		c.Namespace = DefaultNamespace
	}
	if !isName(c.Namespace) || strings.HasPrefix(c.Namespace, "AWS/") {
		problem("Namespace %q is none: use 1 to %d printable ASCII characters that begin neither with ':' nor with 'AWS/'", c.Namespace, maxName)
	}
	if c.Writer == nil {
		c.Writer = os.Stdout
	}
	if n := len(c.Dimensions) + 1; n > maxDimensions {
		problem("Dimensions are %d with Operation: use at most %d", n, maxDimensions)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Dimensions)) {
		value := c.Dimensions[name]
		switch {
		case slices.Contains(ownMembers, name):
			problem("Dimensions has %q, which every line has already: use another name", name)
		case !isName(name):
			problem("Dimensions has the name %q: use 1 to %d printable ASCII characters that do not begin with ':'", name, maxName)
		}
		if len(value) > maxValue || !isPrintable(value) {
			problem("Dimensions has the value %q for %q: use 1 to %d printable ASCII characters", value, name, maxValue)
		}
	}
	return c, errors.Join(problems...)
}

func isName(s string) bool {
	return len(s) <= maxName && isPrintable(s) && s[0] != ':'
}

// isPrintable reports whether s is ASCII without control characters, and not
// blank.
func isPrintable(s string) bool {
	return strings.Trim(s, " ") != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}
