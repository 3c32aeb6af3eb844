package console

import (
	"strings"
	"testing"
	"time"
)

func TestFormats(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"$0":               dollars(0),
		"less than $0.001": dollars(0.0001),
		"$1,234":           dollars(1234.4),
		"0.750":            micro(0.75),
		"0.0625":           micro(0.0625),
		"1 call":           count(1, "call"),
		"12,000 calls":     count(12000, "call"),
		"0.4 ms":           took(400 * time.Microsecond),
		"812 ms":           took(812 * time.Millisecond),
		"2.31 s":           took(2311 * time.Millisecond),
		"1m30s":            took(90 * time.Second),
		"45 s":             span(45 * time.Second),
		"28 min":           span(28*time.Minute + 10*time.Second),
		"11 h 58 min":      span(11*time.Hour + 58*time.Minute),
		"2 d 4 h":          span(52 * time.Hour),
		"1023 B":           byteCount(1023),
		"4.1 KB":           byteCount(4230),
		"abc":              shorten("abc", 3),
		"ab…":              shorten("abc", 2),
		"\u00fc…":          shorten("\u00fc\u00fc", 3),
		"AAAAAAAAAAAA":     shortID(strings.Repeat("A", 43)),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
