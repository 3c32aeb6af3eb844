package storetest

import (
	"time"

	"pgregory.net/rapid"

	"github.com/lambdasession/lambdasession-go/store"
)

// names are few, so that operations meet.
var names = []string{"a", "b", "c"}

func drawValues(t *rapid.T, what string) fields {
	value := rapid.Map(rapid.SampledFrom([]string{"", "1", "2", "\xff"}), func(s string) []byte { return []byte(s) })
	return rapid.MapOfN(rapid.SampledFrom(names), value, 0, len(names)).Draw(t, what)
}

func (m *machine) drawExpires(t *rapid.T) time.Time {
	return m.now().Add(rapid.SampledFrom([]time.Duration{time.Minute, idle, 2 * absolute}).Draw(t, "expires in"))
}

// drawRecord draws an anonymous record that may begin now or have begun some
// time ago.
func (m *machine) drawRecord(t *rapid.T) store.Record {
	r := m.trial.record(drawValues(t, "values"))
	r.Created = r.Created.Add(-rapid.SampledFrom([]time.Duration{0, time.Microsecond, 5 * time.Minute}).Draw(t, "begun before"))
	r.Ends = m.now().Add(rapid.SampledFrom([]time.Duration{idle, absolute}).Draw(t, "ends in"))
	return r
}

func (m *machine) drawSignIn(t *rapid.T, r *store.Record) {
	r.Subject = rapid.SampledFrom(m.subjects).Draw(t, "subject")
	r.Device = store.NewDeviceID()
	r.Label = rapid.SampledFrom([]string{"", "a phone", "a browser"}).Draw(t, "label")
}
