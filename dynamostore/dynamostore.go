package dynamostore

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

var (
	_ store.Store    = (*Store)(nil)
	_ store.Subjects = (*Store)(nil)
)

// A Store keeps sessions in a DynamoDB table. Make one with [New]. It is safe
// for use by many goroutines at once.
type Store struct {
	client Client
	cfg    Config
	place  string // the table, and where it is, for messages
}

// New makes a store on a table. It makes no request; [Store.Warm] and
// [Store.Check] do. The error tells everything that is wrong with cfg at once.
func New(client Client, cfg Config) (*Store, error) {
	cfg = cfg.withDefaults()
	err := cfg.validate()
	if client == nil {
		err = errors.Join(errors.New("dynamostore: the client is nil: pass a *dynamodb.Client"), err)
	}
	if err != nil {
		return nil, err
	}
	return &Store{client: client, cfg: cfg, place: describe(client, cfg.Table)}, nil
}

// errTimeout is the cause of a context that ended by Config.Timeout.
var errTimeout = errors.New("timeout of the session store")

// bound gives an operation its time.
func (s *Store) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, s.cfg.Timeout, errTimeout)
}

// newRevision makes the revision of one write: 128 random bits. The write that
// finds it in an item knows itself to have been applied.
func newRevision() string {
	var b [16]byte
	rand.Read(b[:]) // never fails: it crashes the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// now is the store's time to the microsecond, which is what an item can hold.
func (s *Store) now() time.Time { return s.cfg.Now().Truncate(time.Microsecond) }
