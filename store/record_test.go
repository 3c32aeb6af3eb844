package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/store"
)

var created = time.Date(2026, time.March, 14, 9, 26, 53, 589_793_000, time.UTC)

// validRecord uses every limit to the full.
func validRecord() store.Record {
	r := store.Record{
		Values:  manyFields(100),
		Subject: strings.Repeat("ü", store.MaxSubject/2),
		Device:  strings.Repeat("d", 64),
		Label:   strings.Repeat("l", store.MaxLabel),
		Created: created,
		Ends:    created.Add(time.Hour),
		Expires: created.Add(time.Hour),
	}
	return r
}

// manyFields makes fields whose names have the longest size.
func manyFields(n int) map[string][]byte {
	f := map[string][]byte{}
	for i := range n {
		f[fmt.Sprintf("%0*d", store.MaxFieldName, i)] = nil
	}
	return f
}

func TestARecordIsValidated(t *testing.T) {
	t.Parallel()
	t.Run("what is within every limit is valid", func(t *testing.T) {
		t.Parallel()
		anonymous := validRecord()
		anonymous.Subject, anonymous.Device, anonymous.Values = "", "", nil
		for _, r := range []store.Record{validRecord(), anonymous} {
			if err := r.Validate(); err != nil {
				t.Errorf("got %v", err)
			}
		}
	})
	for name, test := range map[string]struct {
		spoil func(*store.Record)
		want  string
	}{
		"an empty field name":      {func(r *store.Record) { r.Values = map[string][]byte{"": nil} }, "empty field name"},
		"a long field name":        {func(r *store.Record) { r.Values = map[string][]byte{strings.Repeat("ü", 33): nil} }, "field name of 66 bytes; at most 64"},
		"a binary field name":      {func(r *store.Record) { r.Values = map[string][]byte{"a\xff": nil} }, "field name is not UTF-8"},
		"a long subject":           {func(r *store.Record) { r.Subject += "x" }, "subject of 1025 bytes; at most 1024"},
		"a binary subject":         {func(r *store.Record) { r.Subject = "\xff" }, "subject is not UTF-8"},
		"a long label":             {func(r *store.Record) { r.Label += "x" }, "label of 1025 bytes; at most 1024"},
		"a long device id":         {func(r *store.Record) { r.Device += "x" }, "device id of 65 bytes; at most 64"},
		"a subject and no device":  {func(r *store.Record) { r.Device = "" }, "subject and device go together"},
		"a device and no subject":  {func(r *store.Record) { r.Subject = "" }, "subject and device go together"},
		"no Created":               {func(r *store.Record) { r.Created = time.Time{} }, "created, ends and expires must be set"},
		"no Ends":                  {func(r *store.Record) { r.Ends = time.Time{} }, "created, ends and expires must be set"},
		"no Expires":               {func(r *store.Record) { r.Expires = time.Time{} }, "created, ends and expires must be set"},
		"an expiry after the end":  {func(r *store.Record) { r.Expires = r.Ends.Add(1) }, "expires is after ends"},
		"nothing at all set":       {func(r *store.Record) { *r = store.Record{} }, "created, ends and expires must be set"},
		"a field of a sound rest":  {func(r *store.Record) { r.Values[""] = nil; delete(r.Values, fmt.Sprintf("%064d", 0)) }, "empty field name"},
		"several things at a time": {func(r *store.Record) { r.Label += "x"; r.Device = "" }, "label of 1025 bytes; at most 1024\nsubject and device go together"},
	} {
		t.Run(name+" is reported", func(t *testing.T) {
			t.Parallel()
			r := validRecord()
			test.spoil(&r)
			wantInvalid(t, r.Validate(), test.want)
		})
	}
}

func TestChangesAreValidated(t *testing.T) {
	t.Parallel()
	valid := func() store.Changes {
		return store.Changes{
			Set:     manyFields(100),
			Delete:  []string{"gone"},
			Expect:  map[string][]byte{"gone": []byte("1")},
			Expires: created,
		}
	}
	t.Run("what is within every limit is valid", func(t *testing.T) {
		t.Parallel()
		for _, c := range []store.Changes{valid(), {Expires: created}, {Replace: true, Expires: created}} {
			if err := c.Validate(); err != nil {
				t.Errorf("got %v", err)
			}
		}
	})
	for name, test := range map[string]struct {
		spoil func(*store.Changes)
		want  string
	}{
		"an empty field to set":      {func(c *store.Changes) { c.Set = map[string][]byte{"": nil} }, "empty field name"},
		"a long field to delete":     {func(c *store.Changes) { c.Delete = []string{strings.Repeat("x", 65)} }, "field name of 65 bytes; at most 64"},
		"a binary field to expect":   {func(c *store.Changes) { c.Expect = map[string][]byte{"\xff": nil} }, "field name is not UTF-8"},
		"a field set and deleted":    {func(c *store.Changes) { c.Set = map[string][]byte{"gone": nil} }, `field "gone" is both set and deleted`},
		"no Expires":                 {func(c *store.Changes) { c.Expires = time.Time{} }, "expires must be set"},
		"several things at one time": {func(c *store.Changes) { *c = store.Changes{Delete: []string{""}} }, "empty field name\nexpires must be set"},
	} {
		t.Run(name+" is reported", func(t *testing.T) {
			t.Parallel()
			c := valid()
			test.spoil(&c)
			wantInvalid(t, c.Validate(), test.want)
		})
	}
}

func wantInvalid(t *testing.T, err error, want string) {
	t.Helper()
	if _, ok := errors.AsType[*store.InvalidError](err); !ok {
		t.Fatalf("got %v, want an *InvalidError", err)
	}
	if !strings.Contains(err.Error(), want) {
		t.Errorf("got %q, want %q in it", err, want)
	}
}

func TestChangesHoldWhereTheyExpectTheExactBytes(t *testing.T) {
	t.Parallel()
	values := map[string][]byte{"a": []byte("1"), "empty": {}, "nil": nil}
	for name, test := range map[string]struct {
		expect map[string][]byte
		want   bool
	}{
		"nothing is expected":                  {nil, true},
		"the value is there":                   {map[string][]byte{"a": []byte("1")}, true},
		"another value is there":               {map[string][]byte{"a": []byte("2")}, false},
		"a longer value is expected":           {map[string][]byte{"a": []byte("12")}, false},
		"an empty value is expected, not this": {map[string][]byte{"a": {}}, false},
		"absence is expected of a value":       {map[string][]byte{"a": nil}, false},
		"absence is expected of an empty one":  {map[string][]byte{"empty": nil}, false},
		"absence is expected of a nil one":     {map[string][]byte{"nil": nil}, false},
		"an empty value is there":              {map[string][]byte{"empty": {}, "nil": {}}, true},
		"nothing is there":                     {map[string][]byte{"b": nil}, true},
		"an empty value is expected of none":   {map[string][]byte{"b": {}}, false},
		"one of two is wrong":                  {map[string][]byte{"a": []byte("1"), "b": []byte("1")}, false},
		"both are right":                       {map[string][]byte{"a": []byte("1"), "b": nil}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := (store.Changes{Expect: test.expect}).Holds(values); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
	t.Run("of no values at all", func(t *testing.T) {
		t.Parallel()
		if c := (store.Changes{Expect: map[string][]byte{"a": nil}}); !c.Holds(nil) {
			t.Error("a field is said to be there")
		}
	})
}

func TestChangesAreApplied(t *testing.T) {
	t.Parallel()
	type fields = map[string][]byte
	for name, test := range map[string]struct {
		changes store.Changes
		want    fields
	}{
		"nothing leaves all":                    {store.Changes{}, fields{"a": []byte("1"), "b": []byte("2")}},
		"a set field is added":                  {store.Changes{Set: fields{"c": []byte("3")}}, fields{"a": []byte("1"), "b": []byte("2"), "c": []byte("3")}},
		"a set field is overwritten":            {store.Changes{Set: fields{"a": []byte("3")}}, fields{"a": []byte("3"), "b": []byte("2")}},
		"an empty value is a value":             {store.Changes{Set: fields{"a": nil}}, fields{"a": {}, "b": []byte("2")}},
		"a deleted field is dropped":            {store.Changes{Delete: []string{"a", "c"}}, fields{"b": []byte("2")}},
		"Replace drops all":                     {store.Changes{Replace: true}, fields{}},
		"Replace drops all but what is set":     {store.Changes{Replace: true, Set: fields{"c": []byte("3")}}, fields{"c": []byte("3")}},
		"Expect and Expires change nothing":     {store.Changes{Expect: fields{"a": nil}, Expires: created}, fields{"a": []byte("1"), "b": []byte("2")}},
		"setting and deleting go side by side":  {store.Changes{Set: fields{"a": []byte("3")}, Delete: []string{"b"}}, fields{"a": []byte("3")}},
		"Replace and Delete go side by side":    {store.Changes{Replace: true, Delete: []string{"a"}}, fields{}},
		"Replace keeps no field it names twice": {store.Changes{Replace: true, Set: fields{"a": []byte("3")}}, fields{"a": []byte("3")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			values := fields{"a": []byte("1"), "b": []byte("2")}
			got := test.changes.Apply(values)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(fields{"a": []byte("1"), "b": []byte("2")}, values); diff != "" {
				t.Errorf("the values given were changed (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("the result shares nothing with what it was made of", func(t *testing.T) {
		t.Parallel()
		values := fields{"a": []byte("1")}
		changes := store.Changes{Set: fields{"b": []byte("2")}}
		got := changes.Apply(values)
		got["a"][0], got["b"][0] = 'x', 'x'
		if string(values["a"]) != "1" || string(changes.Set["b"]) != "2" {
			t.Error("a write into the result reached its sources")
		}
	})
	t.Run("to no values at all", func(t *testing.T) {
		t.Parallel()
		got := store.Changes{Set: fields{"a": []byte("1")}, Delete: []string{"b"}}.Apply(nil)
		if diff := cmp.Diff(fields{"a": []byte("1")}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestACloneSharesNothing(t *testing.T) {
	t.Parallel()
	r := store.Record{Values: map[string][]byte{"a": []byte("1"), "empty": {}}, Subject: "alice", Created: created}
	clone := r.Clone()
	if diff := cmp.Diff(r, clone); diff != "" {
		t.Fatalf("(-record +clone):\n%s", diff)
	}
	clone.Values["a"][0] = 'x'
	clone.Values["b"] = nil
	if string(r.Values["a"]) != "1" || len(r.Values) != 2 {
		t.Errorf("a write into the clone reached the record: %q", r.Values)
	}
	if (store.Record{}).Clone().Values != nil {
		t.Error("the clone of no values is not nil")
	}
}

func TestSizeCountsNamesAndValues(t *testing.T) {
	t.Parallel()
	r := store.Record{Values: map[string][]byte{"cart": []byte("12345"), "ü": nil}, Subject: "does not count"}
	if got, want := r.Size(), 4+5+2; got != want {
		t.Errorf("got %d bytes, want %d", got, want)
	}
}
