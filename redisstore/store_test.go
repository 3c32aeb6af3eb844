package redisstore_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/lambdasession/lambdasession-go/redisstore"
	"github.com/lambdasession/lambdasession-go/store"
)

// beginning is when the tests' clocks stand still.
var beginning = time.Date(2090, time.May, 4, 3, 2, 1, 987_654_000, time.UTC)

func stopped() time.Time { return beginning }

// newStore makes a store whose clock stands still, and which is patient, since
// a test's server shares the processor with all the other tests.
func newStore(t testing.TB, client redisstore.Client, cfg redisstore.Config) *redisstore.Store {
	t.Helper()
	if cfg.Now == nil {
		cfg.Now = stopped
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = time.Minute
	}
	if cfg.Logger == nil {
		cfg.Logger = logger(io.Discard)
	}
	st, err := redisstore.New(client, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// record is an anonymous session that begins at the beginning.
func record(values map[string][]byte) store.Record {
	return store.Record{
		Values:  values,
		Created: beginning,
		Expires: beginning.Add(30 * time.Minute),
		Ends:    beginning.Add(12 * time.Hour),
	}
}

// signedIn is a session of the subject on the device.
func signedIn(subject, device string) store.Record {
	r := record(map[string][]byte{"cart": []byte("1 apple")})
	r.Subject, r.Device, r.Label = subject, device, "a browser"
	return r
}

func save(t testing.TB, st store.Store, r store.Record) store.Key {
	t.Helper()
	key, err := st.Save(t.Context(), r)
	if err != nil {
		t.Fatal("Save:", err)
	}
	return key
}

func load(t testing.TB, st store.Store, key store.Key) store.Record {
	t.Helper()
	r, err := st.Load(t.Context(), key)
	if err != nil {
		t.Fatal("Load:", err)
	}
	return r
}

// set is a change of one field.
func set(field, value string) store.Changes {
	return store.Changes{
		Set:     map[string][]byte{field: []byte(value)},
		Expires: beginning.Add(40 * time.Minute),
	}
}

// An answerer answers a command, which it may forward to the server.
type answerer func(ctx context.Context, cmd redis.Cmder, forward func() error) error

// intercept returns a client that has every command answered by answer, and is
// otherwise the one behind.
func intercept(behind redisstore.Client, answer answerer) redisstore.Client {
	if c, ok := behind.(*redis.Client); ok {
		return interceptedServer{c, answer}
	}
	return interceptedServers{behind, answer}
}

type interceptedServer struct {
	*redis.Client
	answer answerer
}

func (c interceptedServer) Process(ctx context.Context, cmd redis.Cmder) error {
	return c.answer(ctx, cmd, func() error { return c.Client.Process(ctx, cmd) })
}

type interceptedServers struct {
	redisstore.Client
	answer answerer
}

func (c interceptedServers) Process(ctx context.Context, cmd redis.Cmder) error {
	return c.answer(ctx, cmd, func() error { return c.Client.Process(ctx, cmd) })
}

// scriptOf is the name of the script that the command runs, "" if it runs none.
func scriptOf(cmd redis.Cmder) string {
	for name, sha := range redisstore.Scripts() {
		if cmd.Name() == "evalsha" && cmd.Args()[1] == sha {
			return name
		}
	}
	return ""
}

func logger(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

// say prints an error as people print them.
func say(w io.Writer, err error) { fmt.Fprintf(w, "%v %+v %#v %s %q\n", err, err, err, err, err) }

// An answer is an error that a server answers.
type answer string

func (e answer) Error() string { return string(e) }
func (answer) RedisError()     {}
