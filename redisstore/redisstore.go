package redisstore

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/lambdasession/lambdasession-go/store"
)

var (
	_ store.Store    = (*Store)(nil)
	_ store.Subjects = (*Store)(nil)
)

// A Client runs commands. *[redis.Client] (Sentinel's included) and
// *[redis.ClusterClient] are clients, and so is anything of yours around one. It
// must be safe for use by many goroutines at once, end its calls with their
// context, and ask masters, not replicas. *[redis.Ring] won't do: see [New].
type Client interface {
	Process(ctx context.Context, cmd redis.Cmder) error
}

// A Store keeps sessions in Redis. Make one with [New]. It is safe for use by
// many goroutines at once.
type Store struct {
	client Client
	cfg    Config
	place  string // the server, for messages

	// oneSlot is whether a script may touch any keys at once: the client has
	// one server, which is no cluster.
	oneSlot bool
}

// New makes a store on a server or a cluster. It makes no request; [Store.Warm]
// and [Store.Check] do. The error tells everything that is wrong with the
// client's options and with cfg at once: ContextTimeoutEnabled must be set, and
// reads must not go to replicas. A ring is refused, since it turns to another
// server while one is down: a session that is ended meanwhile would come back.
func New(client Client, cfg Config) (*Store, error) {
	cfg = cfg.withDefaults()
	if err := errors.Join(checkClient(client), cfg.validate()); err != nil {
		return nil, err
	}
	place, oneSlot := describe(client)
	return &Store{client: client, cfg: cfg, place: place, oneSlot: oneSlot}, nil
}

// errTimeout is the cause of a context that ended by Config.Timeout.
var errTimeout = errors.New("timeout of the session store")

// bound gives an operation its time.
func (s *Store) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, s.cfg.Timeout, errTimeout)
}

// newRevision makes the revision of one write: 128 random bits. The write that
// finds it in a hash knows itself to have been applied.
func newRevision() string {
	var b [16]byte
	rand.Read(b[:]) // never fails: it crashes the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// now is the store's time to the microsecond, which is what is written down.
func (s *Store) now() time.Time { return s.cfg.Now().Truncate(time.Microsecond) }
