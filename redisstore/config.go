package redisstore

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/redis/go-redis/v9"
)

const (
	defaultTimeout = 2 * time.Second
	maxPrefix      = 512 // bytes
)

// A Config says how a store uses its server. The zero value is a good default.
type Config struct {
	// Prefix begins the name of every key, for a server that is shared with
	// others, such as "shop:". An ACL can hold a user to it.
	Prefix string

	// Timeout bounds every operation on a session, and every request of one on
	// a subject, its being sent again included: 2 s. The context may set a
	// tighter bound.
	Timeout time.Duration

	// Now is the clock: time.Now. It must be the session manager's.
	Now func() time.Time

	// Logger is told what no caller can be told: slog.Default(). It is never
	// given a key, a value or a subject.
	Logger *slog.Logger
}

// withDefaults returns c with every field set that was not.
func (c Config) withDefaults() Config {
	c.Timeout = cmp.Or(c.Timeout, defaultTimeout)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c
}

// validate reports everything that is wrong with c, which has its defaults.
func (c Config) validate() error {
	var problems []error
	problem := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("redisstore: Config."+format, args...))
	}
	if len(c.Prefix) > maxPrefix || !utf8.ValidString(c.Prefix) {
		problem("Prefix has %d bytes: use at most %d, of UTF-8", len(c.Prefix), maxPrefix)
	}
	if strings.ContainsAny(c.Prefix, "{}") {
		// https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags
		problem("Prefix %q has a brace: leave braces out, a cluster would put all keys into the one slot that they name", c.Prefix)
	}
	if c.Timeout < 0 {
		problem("Timeout is %v: use a positive duration, or 0 for %v", c.Timeout, defaultTimeout)
	}
	return errors.Join(problems...)
}

// The clients of go-redis, and what embeds one, tell their options.
type (
	oneServer interface{ Options() *redis.Options }
	cluster   interface{ Options() *redis.ClusterOptions }
	ring      interface{ Options() *redis.RingOptions }
)

// checkClient reports the options that would break a promise of the store.
func checkClient(client Client) error {
	if client == nil || reflect.ValueOf(client).Kind() == reflect.Pointer && reflect.ValueOf(client).IsNil() {
		return errors.New("redisstore: the client is nil: pass what redis.NewUniversalClient returns")
	}
	var problems []error
	bounded := true
	switch c := client.(type) {
	case oneServer:
		bounded = c.Options().ContextTimeoutEnabled
	case cluster:
		o := c.Options()
		bounded = o.ContextTimeoutEnabled
		if o.ReadOnly { // RouteByLatency and RouteRandomly set it
			problems = append(problems, errors.New("redisstore: the client reads from replicas, which lag behind: "+
				"leave ReadOnly, RouteByLatency and RouteRandomly out of its options"))
		}
	case ring:
		return errors.New("redisstore: the client is a ring, which looks for a session on another server while its own is down, " +
			"so that one that is ended meanwhile comes back: use one server, Sentinel or a cluster")
	}
	if !bounded {
		problems = append(problems, errors.New("redisstore: the client goes on reading after its context has ended: "+
			"set ContextTimeoutEnabled in its options"))
	}
	return errors.Join(problems...)
}

// describe names the server or servers where the client tells, and says whether
// it is one server.
func describe(client Client) (place string, oneSlot bool) {
	switch c := client.(type) {
	case oneServer:
		return "server " + c.Options().Addr, true
	case cluster:
		return "cluster at " + strings.Join(c.Options().Addrs, ", "), false
	default:
		return "server", false
	}
}
