package sealedstore_test

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/sealedstore"
	"github.com/lambdasession/lambdasession-go/store"
)

func TestNewSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		inner store.Store
		keys  [][]byte
		want  []string
	}{
		"no store":           {nil, keys("s"), []string{"sealedstore.New: the inner store is nil: set it to a store"}},
		"no keys":            {memstore.New(), nil, []string{"sealedstore.New: Keys is empty: set it to at least one key of 32 random bytes"}},
		"a short key":        {memstore.New(), [][]byte{keys("a")[0], []byte("ssssss")}, []string{"Keys[1] has 6 bytes: use 32 random ones"}},
		"a key twice":        {memstore.New(), keys("s", "s"), []string{"Keys[1] is Keys[0] again"}},
		"everything at once": {nil, [][]byte{nil}, []string{"the inner store is nil", "Keys[0] has 0 bytes"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := sealedstore.New(test.inner, sealedstore.Config{Keys: test.keys})
			if err == nil {
				t.Fatal("accepted")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %q, want %q in it", err, want)
				}
			}
			if strings.Contains(err.Error(), "sss") {
				t.Errorf("a key is in %q", err)
			}
		})
	}
}

func TestKeysAreNeverPrinted(t *testing.T) {
	t.Parallel()
	cfg := sealedstore.Config{Keys: keys("q", "t")}
	s := around(t, memstore.New(), "q", "t")
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		for _, v := range []any{cfg, &cfg, s, *s, struct{ s *sealedstore.Store }{s}, struct{ s sealedstore.Store }{*s}} {
			text := fmt.Sprintf(format, v)
			for _, secret := range []string{"qqqq", "7171", "113 113", "0x71, 0x71"} {
				if strings.Contains(text, secret) {
					t.Errorf("%s of %T prints %s", format, v, text)
				}
			}
		}
	}
}

// TestFIPSModeIsRefused runs itself again in Go's FIPS 140-only mode.
func TestFIPSModeIsRefused(t *testing.T) {
	t.Parallel()
	const again = "-test.run=^TestFIPSModeIsRefused$"
	if slices.Contains(os.Args, again) {
		_, err := sealedstore.New(memstore.New(), sealedstore.Config{Keys: keys("k")})
		if err == nil || !strings.Contains(err.Error(), "GODEBUG=fips140=only") {
			t.Fatalf("got %v", err)
		}
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], again)
	cmd.Env = append(os.Environ(), "GODEBUG=fips140=only")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v:\n%s", err, out)
	}
}
