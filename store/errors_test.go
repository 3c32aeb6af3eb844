package store_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

func TestErrorsAreToldApart(t *testing.T) {
	t.Parallel()
	ended := &store.EndedError{At: time.Date(2026, time.March, 14, 10, 26, 53, 0, time.FixedZone("", 3600))}
	sentinels := []error{store.ErrNotFound, store.ErrEnded, store.ErrTooLarge, store.ErrUnsupported, io.EOF}
	for name, test := range map[string]struct {
		err  error
		is   error // the one sentinel that it is
		text string
	}{
		"an EndedError is ErrEnded and says when":          {ended, store.ErrEnded, "session ended at 2026-03-14T09:26:53Z"},
		"a ConflictError says that it was another request": {&store.ConflictError{}, nil, "session was changed by another request"},
		"a DecodeError is its cause":                       {&store.DecodeError{Err: io.EOF}, io.EOF, "stored session cannot be decoded: EOF"},
		"an InvalidError is its cause":                     {&store.InvalidError{Err: io.EOF}, io.EOF, "invalid session request: EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wrapped := fmt.Errorf("load: %w", test.err)
			for _, s := range sentinels {
				if got := errors.Is(wrapped, s); got != (s == test.is) {
					t.Errorf("is %q: %t", s, got)
				}
			}
			if got := test.err.Error(); got != test.text {
				t.Errorf("got %q, want %q", got, test.text)
			}
		})
	}
	t.Run("a ConflictError prints nothing of the record that it carries", func(t *testing.T) {
		t.Parallel()
		err := fmt.Errorf("update: %w", &store.ConflictError{Current: store.Record{Values: map[string][]byte{"name": []byte("private")}}})
		if text := err.Error(); strings.Contains(text, "private") || strings.Contains(text, "name") {
			t.Errorf("got %q", text)
		}
	})
}
