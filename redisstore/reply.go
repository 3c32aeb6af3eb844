package redisstore

import "fmt"

// What a script that writes says first.
const (
	saidOK      = "ok"      // done, now or by an attempt that got no answer
	saidFound   = "found"   // a condition is not met; the hash comes with it
	saidTaken   = "taken"   // there is something under the new key
	saidNever   = "never"   // nothing may be stored under the new key any more
	saidRevoked = "revoked" // the sign-in began before a revocation; the moment comes with it
	saidGone    = "gone"    // the device, or the session, is not what it was
	saidThere   = "there"   // the successor was stored
	saidAbsent  = "absent"  // it was not, so far
)

// A reply is a script's, in parts. The first time that a part is not what it
// should be is kept as err.
type reply struct {
	parts []any
	err   error
}

// text is the i-th part, "" for one that is nil.
func (r *reply) text(i int) string {
	if i < len(r.parts) {
		switch v := r.parts[i].(type) {
		case string:
			return v
		case nil:
			return ""
		}
	}
	r.fail(i)
	return ""
}

// list is the i-th part, nil for one that is nil.
func (r *reply) list(i int) []any {
	if i < len(r.parts) {
		switch v := r.parts[i].(type) {
		case []any:
			return v
		case nil:
			return nil
		}
	}
	r.fail(i)
	return nil
}

// hash is the i-th part, field and value in turn.
func (r *reply) hash(i int) hash {
	l := reply{parts: r.list(i)}
	h := make(hash, len(l.parts)/2)
	for n := 0; n+1 < len(l.parts); n += 2 {
		h[l.text(n)] = l.text(n + 1)
	}
	if l.err != nil {
		r.err = l.err
	}
	return h
}

func (r *reply) fail(i int) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: part %d of %d", errReply, i, len(r.parts))
	}
}

// pick makes a hash of the values of these fields, without those that are nil.
func pick(fields []string, values []any) hash {
	h := make(hash, len(fields))
	for i, f := range fields {
		if i < len(values) {
			if v, ok := values[i].(string); ok {
				h[f] = v
			}
		}
	}
	return h
}
