//go:build !redis

package ferrule

import (
	"strings"
	"testing"
)

func TestAProgramWithoutRedisSaysSo(t *testing.T) {
	t.Parallel()
	_, _, err := openStore(t.Context(), env(map[string]string{"SESSION_STORE": "redis", "REDIS_URL": "redis://localhost"}))
	if err == nil || !strings.Contains(err.Error(), "-tags redis") {
		t.Errorf("got %v", err)
	}
}
