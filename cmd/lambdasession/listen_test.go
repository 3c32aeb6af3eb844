package main

import (
	"net"
	"strconv"
	"strings"
	"testing"
)

func TestListen(t *testing.T) {
	t.Parallel()

	t.Run("a taken port is an error that names the flag", func(t *testing.T) {
		t.Parallel()
		first, err := listen(t.Context(), "127.0.0.1", 0)
		if err != nil {
			t.Fatal(err)
		}
		defer first.Close()
		_, text, _ := net.SplitHostPort(first.Addr().String())
		port, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		want := "port " + text + " of 127.0.0.1 is taken: --port names another, --port 0 takes any free one"
		if _, err := listen(t.Context(), "127.0.0.1", port); errorText(err) != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	})

	t.Run("a host that is not this machine is an error that names the flag", func(t *testing.T) {
		t.Parallel()
		// 192.0.2.0/24 is for documentation (RFC 5737): nobody has it.
		if _, err := listen(t.Context(), "192.0.2.1", 3000); !strings.HasPrefix(errorText(err), "serving on --host 192.0.2.1 --port 3000: ") {
			t.Errorf("got %v", err)
		}
	})

	for host, want := range map[string]string{
		"localhost": "http://localhost:",
		"127.0.0.1": "http://127.0.0.1:",
		"0.0.0.0":   "http://localhost:",
		"":          "http://localhost:",
	} {
		t.Run("the address of host '"+host+"' is one that a browser can open", func(t *testing.T) {
			t.Parallel()
			listener, err := listen(t.Context(), host, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			if got := address(host, listener); !strings.HasPrefix(got, want) || strings.HasSuffix(got, ":") {
				t.Errorf("got %s, want %s and a port", got, want)
			}
		})
	}
}
