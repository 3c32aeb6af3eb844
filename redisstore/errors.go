package redisstore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/lambdasession/lambdasession-go/store"
)

// Errors that mean "could not answer": none of them is package store's.
var (
	// errUnsure: an attempt got no answer, and what stands there now does not
	// tell whether it was applied. To take that for a conflict would have the
	// change applied twice.
	errUnsure = errors.New("redisstore: a write got no answer and the session was changed since: it may or may not have been applied")

	// errUnexplained: a script found a condition not met that what it sent along meets.
	errUnexplained = errors.New("redisstore: the server refused a condition that its own session meets")

	// errMoving: a session was on its way to another slot whenever it was looked at.
	errMoving = errors.New("redisstore: the session is being signed in again and again: try later")

	// errForbidden: somebody who wants to change the session has forbidden the
	// successor that it was to have.
	errForbidden = errors.New("redisstore: the session was changed while it was being signed in, again and again: try later")

	// errReply: something in between answers in the server's stead.
	errReply = errors.New("redisstore: a reply that no script of the store gives")

	// errTaken: the key that the store made for a session is in use.
	errTaken = errors.New("redisstore: the keys made for the session are all in use: crypto/rand is broken")
)

// errNoHash: a key of the store's is in somebody else's use.
var errNoHash error = &store.DecodeError{Err: errors.New("the key is no hash: something else uses it; set Config.Prefix")}

// maxBytes is what one operation may store. Redis would take 512 MB a value,
// but while it copies them it answers nobody.
const maxBytes = 8 << 20

// errTooLarge is store.ErrTooLarge for people.
var errTooLarge = fmt.Errorf("%w: redisstore takes at most 8 MB at once", store.ErrTooLarge)

func checkSize(values map[string][]byte) error {
	if (store.Record{Values: values}).Size() > maxBytes {
		return fmt.Errorf("%w; the biggest fields, in bytes: %s", errTooLarge, store.Biggest(values))
	}
	return nil
}

// explain says what an error of the client or the server means and what to do
// about it. A key that is no hash becomes a *[store.DecodeError]; everything
// else means that the store could not answer.
func (s *Store) explain(ctx context.Context, err error) error {
	if redis.HasErrorPrefix(err, "WRONGTYPE") {
		return errNoHash
	}
	advice := s.advice(ctx, err)
	if ctx.Err() != nil && !errors.Is(err, ctx.Err()) {
		err = fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return fmt.Errorf("redisstore: %s: %s: %w", s.place, advice, err)
}

// answers is what to do about an answer, by its beginning, for somebody who
// reads the log.
// https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
var answers = []struct{ prefix, advice string }{
	{"OOM", "out of memory: raise maxmemory, or look for what fills the server"},
	{"READONLY", "a replica, or a master that has lost its place: check that the client's address is the primary's"},
	{"LOADING", "starting: it is loading its data"},
	{"MASTERDOWN", "a replica without its master: check the primary"},
	{"NOREPLICAS", "too few replicas for min-replicas-to-write: check them"},
	{"CLUSTERDOWN", "the cluster does not serve this slot: check CLUSTER INFO"},
	{"TRYAGAIN", "the slot is moving to another server: try later"},
	{"CROSSSLOT", "a cluster: make the client with redis.NewClusterClient"},
	{"MOVED", "a cluster: make the client with redis.NewClusterClient"},
	{"MISCONF", "it cannot save to its disk, and so takes no writes: check its log"},
	{"BUSY", "busy with a script of somebody's"},
	{"NOAUTH", "not signed in: give the client a username and password"},
	{"WRONGPASS", "username or password is wrong: check the client's options"},
	{"NOPERM", "not allowed: give the user the permissions in the package's documentation"},
	{"max number of clients reached", "too many connections: check maxclients and the pools of all functions"},
}

// advice is what to do about an error.
func (s *Store) advice(ctx context.Context, err error) string {
	for _, a := range answers {
		if redis.HasErrorPrefix(err, a.prefix) {
			return a.advice
		}
	}
	var op *net.OpError
	dial := errors.As(err, &op) && op.Op == "dial"
	switch {
	case strings.Contains(err.Error(), "The user executing the script can't"): // how Redis 7.0 puts NOPERM within a script
		return "not allowed: give the user the permissions in the package's documentation"
	case strings.Contains(err.Error(), "invalid format of shebang") || strings.Contains(err.Error(), "Unexpected character after"):
		return "too old: Redis 7.0 or Valkey is needed"
	case dial:
		return "cannot be reached: check the client's address, and the network"
	case errors.Is(context.Cause(ctx), errTimeout):
		return fmt.Sprintf("no answer within Config.Timeout, %v: check the client's address, and in a VPC its way to the server", s.cfg.Timeout)
	case ctx.Err() != nil:
		return "the time of the request ran out"
	case errors.Is(err, redis.ErrPoolTimeout), errors.Is(err, redis.ErrPoolExhausted):
		return "all connections are in use: raise PoolSize in the client's options"
	case op != nil:
		return "the connection broke: check the client's TLS, and the network"
	default:
		return "could not answer"
	}
}
