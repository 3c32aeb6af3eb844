package seal_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/internal/seal"
)

const purpose = "a test"

func key(letter string) []byte { return []byte(strings.Repeat(letter, 32)) }

func sealer(t testing.TB, purpose string, letters ...string) *seal.Sealer {
	t.Helper()
	var keys [][]byte
	for _, l := range letters {
		keys = append(keys, key(l))
	}
	s, err := seal.New(keys, purpose)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ways are the two ways of sealing.
var ways = map[string]func(*seal.Sealer, []byte, []byte, []byte) []byte{
	"Seal":     (*seal.Sealer).Seal,
	"SealSame": (*seal.Sealer).SealSame,
}

func TestWhatIsSealedIsOpened(t *testing.T) {
	t.Parallel()
	s := sealer(t, purpose, "a")
	for name, way := range ways {
		t.Run("by "+name, func(t *testing.T) {
			t.Parallel()
			for _, n := range []int{0, 1, 15, 16, 17, 4096} {
				plaintext := bytes.Repeat([]byte("p"), n)
				sealed := way(s, []byte("dst"), plaintext, []byte("ad"))
				sealed, ok := bytes.CutPrefix(sealed, []byte("dst"))
				if !ok || len(sealed) != n+seal.Overhead {
					t.Fatalf("%d bytes became %d, appended to dst: %t; want %d more", n, len(sealed), ok, seal.Overhead)
				}
				if opened, err := s.Open(sealed, []byte("ad")); err != nil || !bytes.Equal(opened, plaintext) {
					t.Errorf("%d bytes: opened %d, %v", n, len(opened), err)
				}
			}
		})
	}
	t.Run("by Seal, it never looks the same twice", func(t *testing.T) {
		t.Parallel()
		seen := map[string]bool{}
		for range 10_000 {
			sealed := s.Seal(nil, []byte("p"), nil)
			for _, half := range []string{string(sealed[:12]), string(sealed[12:24])} {
				if seen[half] {
					t.Fatal("half a nonce was repeated")
				}
				seen[half] = true
			}
		}
	})
	t.Run("by SealSame, it looks the same if and only if key, plaintext and associated data are", func(t *testing.T) {
		t.Parallel()
		seen := map[string]string{}
		for _, letter := range []string{"a", "b"} {
			for _, arguments := range [][2]string{{"", ""}, {"p", ""}, {"", "p"}, {"p", "q"}, {"p", "r"}, {"q", "p"}, {"pq", ""}, {"", "pq"}, {"q", "p\x00"}} {
				what := fmt.Sprintf("%q by key %s", arguments, letter)
				one := sealer(t, purpose, letter, "c").SealSame(nil, []byte(arguments[0]), []byte(arguments[1]))
				two := sealer(t, purpose, letter, "d").SealSame(nil, []byte(arguments[0]), []byte(arguments[1]))
				if !bytes.Equal(one, two) {
					t.Errorf("%s: looks different the second time", what)
				}
				nonce := string(one[:24])
				if other, ok := seen[nonce]; ok {
					t.Errorf("%s and %s have the same nonce", what, other)
				}
				seen[nonce] = what
			}
		}
	})
}

func TestNothingElseIsOpened(t *testing.T) {
	t.Parallel()
	s := sealer(t, purpose, "a", "b")
	for name, way := range ways {
		t.Run("by "+name, func(t *testing.T) {
			t.Parallel()
			sealed, ad := way(s, nil, []byte("plaintext"), []byte("ad")), []byte("ad")
			refused := func(what string, s *seal.Sealer, sealed, ad []byte) {
				t.Helper()
				if opened, err := s.Open(sealed, ad); !errors.Is(err, seal.ErrSealed) || err.Error() != seal.ErrSealed.Error() || opened != nil {
					t.Errorf("%s: got %q, %v; want nothing but ErrSealed", what, opened, err)
				}
			}
			for i := range sealed {
				for bit := range 8 {
					flipped := bytes.Clone(sealed)
					flipped[i] ^= 1 << bit
					refused(fmt.Sprintf("bit %d of byte %d flipped", bit, i), s, flipped, ad)
				}
				refused(fmt.Sprintf("the first %d bytes", i), s, sealed[:i], ad)
				refused(fmt.Sprintf("without the first %d bytes", i+1), s, sealed[i+1:], ad)
			}
			refused("one byte more", s, append(bytes.Clone(sealed), 0), ad)
			refused("other associated data", s, sealed, []byte("ae"))
			refused("no associated data", s, sealed, nil)
			refused("another key", sealer(t, purpose, "c", "b"), sealed, ad)
			refused("another purpose", sealer(t, purpose+"s", "a", "b"), sealed, ad)
			refused("a derived key", s.For(nil), sealed, ad)
			refused("the key that another was derived from", s, way(s.For([]byte("x")), nil, []byte("plaintext"), ad), ad)
			refused("a key derived for another name", s.For([]byte("y")), way(s.For([]byte("x")), nil, []byte("plaintext"), ad), ad)
		})
	}
}

func TestKeysRotate(t *testing.T) {
	t.Parallel()
	old, both, young := sealer(t, purpose, "o"), sealer(t, purpose, "n", "o"), sealer(t, purpose, "n")
	for name, s := range map[string]struct{ old, both, young *seal.Sealer }{
		"as they are": {old, both, young},
		"derived":     {old.For([]byte("x")), both.For([]byte("x")), young.For([]byte("x"))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for way, sealBy := range ways {
				for _, test := range []struct {
					what     string
					by, with *seal.Sealer
					opens    bool
				}{
					{"the newest opens its own", s.young, s.both, true},
					{"an older one opens its own", s.old, s.both, true},
					{"the newest seals", s.both, s.young, true},
					{"an older one does not seal", s.both, s.old, false},
					{"one that was dropped does not open", s.old, s.young, false},
				} {
					if _, err := test.with.Open(sealBy(test.by, nil, nil, nil), nil); (err == nil) != test.opens {
						t.Errorf("%s, by %s: got %v", test.what, way, err)
					}
				}
			}
			for _, test := range []struct {
				what     string
				by, with *seal.Sealer
				valid    bool
			}{
				{"the newest verifies its own", s.young, s.both, true},
				{"an older one verifies its own", s.old, s.both, true},
				{"the newest signs", s.both, s.young, true},
				{"an older one does not sign", s.both, s.old, false},
				{"one that was dropped does not verify", s.old, s.young, false},
			} {
				if got := test.with.Verify([]byte("m"), test.by.Sign([]byte("m"))); got != test.valid {
					t.Errorf("%s: got %t", test.what, got)
				}
			}
		})
	}
}

func TestASignatureIsForOneMessage(t *testing.T) {
	t.Parallel()
	s := sealer(t, purpose, "a", "b")
	signature := s.Sign([]byte("message"))
	if len(signature) != seal.SignatureBytes || !s.Verify([]byte("message"), signature) {
		t.Fatalf("a signature of %d bytes is not valid", len(signature))
	}
	for i := range signature {
		flipped := bytes.Clone(signature)
		flipped[i] ^= 1
		if s.Verify([]byte("message"), flipped) || s.Verify([]byte("message"), signature[:i]) {
			t.Errorf("changed or cut at byte %d it is valid", i)
		}
	}
	for what, valid := range map[string]bool{
		"another message":  s.Verify([]byte("massage"), signature),
		"another key":      sealer(t, purpose, "c").Verify([]byte("message"), signature),
		"another purpose":  sealer(t, "another", "a").Verify([]byte("message"), signature),
		"a derived sealer": s.For(nil).Verify([]byte("message"), signature),
	} {
		if valid {
			t.Errorf("%s: it is valid", what)
		}
	}
}

func TestBadKeysAreNamedByIndex(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		keys [][]byte
		want []string
	}{
		"none":       {nil, []string{"Keys is empty: set it to at least one key of 32 random bytes"}},
		"too short":  {[][]byte{key("a"), key("secret")[:31]}, []string{"Keys[1] has 31 bytes: use 32 random ones"}},
		"too long":   {[][]byte{append(key("s"), 's')}, []string{"Keys[0] has 33 bytes: use 32 random ones"}},
		"twice":      {[][]byte{key("s"), key("b"), key("s")}, []string{"Keys[2] is Keys[0] again: leave one out"}},
		"all of it":  {[][]byte{nil, key("s"), key("s")}, []string{"Keys[0] has 0 bytes", "Keys[2] is Keys[1] again"}},
		"in hex":     {[][]byte{bytes.Repeat([]byte("5e"), 32)}, []string{"Keys[0] has 64 bytes"}},
		"all of one": {[][]byte{}, []string{"Keys is empty"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := seal.New(test.keys, purpose)
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
	s := sealer(t, purpose, "s", "t")
	holder := struct{ sealer *seal.Sealer }{s}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
		for _, v := range []any{s, *s, holder, &holder, s.For([]byte("ssssss"))} {
			text := fmt.Sprintf(format, v)
			for _, secret := range []string{"ssss", "73737373", "115 115", "115, 115"} {
				if strings.Contains(text, secret) {
					t.Errorf("%s of %T: %s", format, v, text)
				}
			}
		}
	}
}

func TestTheCallersKeysMayBeOverwritten(t *testing.T) {
	t.Parallel()
	keys := [][]byte{key("a")}
	s, err := seal.New(keys, purpose)
	if err != nil {
		t.Fatal(err)
	}
	clear(keys[0])
	if _, err := sealer(t, purpose, "a").Open(s.Seal(nil, nil, nil), nil); err != nil {
		t.Error("the keys are the caller's")
	}
}

// TestItRunsInFIPSMode runs itself again in Go's FIPS 140-only mode, in which
// whatever is not allowed panics or fails.
func TestItRunsInFIPSMode(t *testing.T) {
	t.Parallel()
	if slices.Contains(os.Args, "-test.run=^TestItRunsInFIPSMode$") {
		s := sealer(t, purpose, "a").For([]byte("x"))
		opened, err := s.Open(s.Seal(nil, []byte("p"), nil), nil)
		if err != nil || string(opened) != "p" || !s.Verify(nil, s.Sign(nil)) {
			t.Fatalf("opened %q, %v", opened, err)
		}
		return
	}
	again := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestItRunsInFIPSMode$")
	again.Env = append(os.Environ(), "GODEBUG=fips140=only")
	if out, err := again.CombinedOutput(); err != nil {
		t.Fatalf("%v:\n%s", err, out)
	}
}

// FuzzOpen holds Open to one rule: what it opens is what sealing made.
func FuzzOpen(f *testing.F) {
	s := sealer(f, purpose, "a", "b")
	for _, plaintext := range []string{"", "p", strings.Repeat("p", 100)} {
		f.Add(s.Seal(nil, []byte(plaintext), nil), []byte{})
		f.Add(s.SealSame(nil, []byte(plaintext), []byte("ad")), []byte("ad"))
	}
	f.Add(make([]byte, seal.Overhead), []byte{})
	f.Fuzz(func(t *testing.T, sealed, ad []byte) {
		given := bytes.Clone(sealed)
		opened, err := s.Open(sealed, ad)
		if !bytes.Equal(given, sealed) {
			t.Fatal("the argument was changed")
		}
		if (err == nil) && len(opened) != len(sealed)-seal.Overhead || err != nil && (opened != nil || !errors.Is(err, seal.ErrSealed)) {
			t.Fatalf("%x opened to %x, %v", sealed, opened, err)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	s, plaintext, ad := sealer(b, purpose, "a"), bytes.Repeat([]byte("p"), 512), []byte("ad")
	b.Run("Seal", func(b *testing.B) {
		for b.Loop() {
			s.Seal(nil, plaintext, ad)
		}
	})
	b.Run("SealSame", func(b *testing.B) {
		for b.Loop() {
			s.SealSame(nil, plaintext, ad)
		}
	})
	b.Run("Open", func(b *testing.B) {
		sealed := s.Seal(nil, plaintext, ad)
		for b.Loop() {
			if _, err := s.Open(sealed, ad); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("For", func(b *testing.B) {
		for b.Loop() {
			s.For(ad)
		}
	})
}
