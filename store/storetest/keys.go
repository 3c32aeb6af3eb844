package storetest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/lambdasession/lambdasession-go/store"
)

// keyClauses: keys look as the store says.
func keyClauses() []clause {
	return []clause{
		{"have the form that the store says", func(x *trial) {
			first := x.save(x.signIn(newSubject()))
			second := x.update(first, x.set(text("theme", "dark")))
			third := x.updateTTL(second, x.now().Add(2*idle))
			for what, key := range map[string]store.Key{"Save": first, "Update": second, "UpdateTTL": third, "Rotate": x.renew(third)} {
				if !x.form.Valid(key.Reveal()) {
					x.Errorf("the key of %s has not: a store whose keys are not those of store.NewKey implements store.KeyFormer", what)
				}
			}
		}},
		{"fit into a cookie", func(x *trial) {
			secret := x.save(x.record(nil)).Reveal()
			for _, c := range []string{"", " ", ";", ",", `"`, `\`, "\n", "\x00", "\x7f", "ü"} {
				for what, s := range map[string]string{
					"at the beginning": c + secret[1:], "in the middle": secret[:9] + c + secret[10:], "at the end": secret[:len(secret)-1] + c,
				} {
					if x.form.Valid(s) {
						x.Errorf("with %q in place of a character %s, Valid still says so", c, what)
					}
				}
			}
		}},
	}
}

// carriedKeyClauses: a key that holds the state holds it for the store alone.
func carriedKeyClauses() []clause {
	return []clause{
		{"with any bit flipped are unknown", func(x *trial) {
			key := x.save(x.signIn(newSubject()))
			secret, r := key.Reveal(), x.load(key)
			for i := range len(secret) {
				for bit := range 8 {
					flipped := []byte(secret)
					flipped[i] ^= 1 << bit
					x.wantUnknown(fmt.Sprintf("bit %d of character %d flipped", bit, i), string(flipped), r)
				}
			}
			x.wantUnchanged(key, r)
		}},
		{"cut short, prolonged or spelled otherwise are unknown", func(x *trial) {
			key := x.save(x.signIn(newSubject()))
			secret, r := key.Reveal(), x.load(key)
			for i := range len(secret) {
				x.wantUnknown(fmt.Sprintf("cut after %d characters", i), secret[:i], r)
				x.wantUnknown(fmt.Sprintf("without the first %d characters", i+1), secret[i+1:], r)
				x.wantUnknown(fmt.Sprintf("with a line break before character %d", i), secret[:i]+"\n"+secret[i:], r)
			}
			for _, more := range []string{"A", "=", "==", "AA", "AAAA", "\n", " ", secret} {
				x.wantUnknown(fmt.Sprintf("with %d characters more", len(more)), secret+more, r)
			}
		}},
		{"put together of two are unknown", func(x *trial) {
			record := x.signIn(newSubject())
			one, two := x.save(record).Reveal(), x.save(record).Reveal()
			r := x.load(store.KeyOf(one))
			for i := 1; i < min(len(one), len(two)); i++ {
				if mixed := one[:i] + two[i:]; mixed != one && mixed != two {
					x.wantUnknown(fmt.Sprintf("the first %d characters of one and the rest of the other", i), mixed, r)
				}
			}
		}},
		{"show nothing of what they hold", func(x *trial) {
			r := x.signIn(newSubject())
			r.Values = text("a field's name", "a field's value")
			secret := x.save(r).Reveal()
			sights := [][]byte{[]byte(secret)}
			for i := range min(8, len(secret)) { // it may begin with something else
				for _, encoding := range []*base64.Encoding{base64.RawURLEncoding, base64.RawStdEncoding} {
					n := (len(secret) - i) / 4 * 4
					decoded, _ := encoding.DecodeString(secret[i : i+n])
					sights = append(sights, decoded)
				}
			}
			for _, hidden := range []string{"a field's name", "a field's value", r.Subject, r.Device} {
				for _, sight := range sights {
					if bytes.Contains(sight, []byte(hidden)) {
						x.Errorf("%q can be read in the key", hidden)
					}
				}
			}
		}},
		{"of the same state differ", func(x *trial) {
			key := x.save(x.record(text("cart", "2 apples")))
			seen := map[string]bool{key.Reveal(): true}
			for range 20 {
				next := x.update(key, x.touch()).Reveal()
				if seen[next] {
					x.Fatal("two are the same")
				}
				seen[next] = true
			}
		}},
	}
}

// wantUnknown fails the trial unless every operation says that the secret is
// that of no session.
func (x *trial) wantUnknown(what, secret string, from store.Record) {
	x.Helper()
	for _, op := range x.all(store.KeyOf(secret), from) {
		x.wantNotFound(op.name+" of a key "+what, op.run(x.Context()))
	}
}

// carriedValueClauses: how much a key has room for at least.
func carriedValueClauses() []clause {
	return []clause{
		{"a value of 2,000 bytes is held", func(x *trial) {
			x.wantRoundTrip(fields{"text": []byte(strings.Repeat("x", 2000))})
			x.wantRoundTrip(fields{"binary": bytes.Repeat([]byte{0xff}, 2000)})
		}},
		{"20 fields are expected, replaced and deleted in one Update each", func(x *trial) {
			r := x.record(fields{})
			for i := range 20 {
				r.Values[fmt.Sprintf("field %d", i)] = []byte{byte(i)}
			}
			key := x.save(r)
			x.wantRecord(key, r)
			c := x.set(text("only", "this"))
			c.Expect, c.Replace = r.Values, true
			r.Values = text("only", "this")
			x.wantRecord(x.update(key, c), r)

			c = x.touch()
			for i := range 20 {
				c.Delete = append(c.Delete, fmt.Sprintf("field %d", i))
			}
			r.Values = nil
			x.wantRecord(x.update(key, c), r)
		}},
	}
}
