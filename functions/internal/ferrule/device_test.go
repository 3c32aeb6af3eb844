package ferrule

import (
	"strings"
	"testing"
)

func TestDeviceNames(t *testing.T) {
	t.Parallel()

	for userAgent, want := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                                     "Firefox on Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36":                            "Chrome on Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36 Edg/146.0.0.0":              "Edge on Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15":                      "Safari on Mac",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/146.0.0.0 Mobile/15E148 Safari/604.1": "Chrome on iPhone",
		"Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Mobile Safari/537.36":                            "Chrome on Android",
		"curl/7.88.1":              "curl",
		"":                         "Unknown device",
		"  /1.0":                   "Unknown device",
		"\xff\xfe":                 "Unknown device",
		strings.Repeat("é", 1000):  strings.Repeat("é", maxDeviceName),
		"Safari/1 without a place": "Safari",
	} {
		if got := DeviceName(userAgent); got != want {
			t.Errorf("DeviceName(%q) = %q, want %q", userAgent, got, want)
		}
	}
}
