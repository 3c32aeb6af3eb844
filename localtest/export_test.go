package localtest

import "time"

// WithInitTimeout returns c with another time in which a process has to
// initialise, so that a test need not wait for Lambda's.
func (c FunctionConfig) WithInitTimeout(timeout time.Duration) FunctionConfig {
	c.initTimeout = timeout
	return c
}
