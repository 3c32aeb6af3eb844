package redisstore

import (
	"context"
	"errors"
	"strings"

	"github.com/lambdasession/lambdasession-go/store"
)

// A device is one entry in a subject's list. What it says is checked against
// the session itself, so one that is out of date does no harm.
type device struct {
	id    string
	label string
	at    ref // where the session is
}

// entry is what a subject's list says of a device: the digest of its session's
// key, when that ends, and the label. The slot is the subject's.
func entry(at ref, record store.Record) string {
	if record.Subject == "" {
		return ""
	}
	return at.digest + " " + seconds(record.Ends) + " " + record.Label
}

// readDevice reads a device's entry.
func readDevice(subject, id, text string) (device, error) {
	digest, rest, _ := strings.Cut(text, " ")
	ends, label, ok := strings.Cut(rest, " ")
	if !ok || len(digest) != digestLength || ends == "" {
		return device{id: id}, &store.DecodeError{Err: errors.New("a device's entry is no digest, time and label")}
	}
	return device{id: id, label: label, at: ref{tagOf(subject), digest}}, nil
}

// device reads one device of a subject.
func (s *Store) device(ctx context.Context, subject, id string) (device, error) {
	r, err := s.readOne(ctx, s.subjectKey(subject), devicePrefix+id)
	if err != nil {
		return device{}, err
	}
	values := r.list(0)
	if r.err != nil {
		return device{}, r.err
	}
	text, ok := pick([]string{id}, values)[id]
	if !ok {
		return device{}, store.ErrNotFound
	}
	return readDevice(subject, id, text)
}

// checkSubject is store.CheckSubject with the error that operations give.
func checkSubject(subject string) error {
	if err := store.CheckSubject(subject); err != nil {
		return &store.InvalidError{Err: err}
	}
	return nil
}

// isDecodeError reports whether something stored could not be understood.
func isDecodeError(err error) bool {
	_, ok := errors.AsType[*store.DecodeError](err)
	return ok
}
