package stores

import (
	"crypto/rand"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/lambdasession/lambdasession-go/cookiestore"
	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/redisstore"
	"github.com/lambdasession/lambdasession-go/store"
	"github.com/lambdasession/lambdasession-go/store/storetest"
)

// kinds are the stores. Begin starts what they keep sessions in, and returns what
// opens one for a sub-test of the suite.
var kinds = []struct {
	name  string
	begin func(*testing.T) func(*testing.T) store.Store
}{
	{"dynamostore", func(t *testing.T) func(*testing.T) store.Store {
		db := localtest.DynamoDB(t)
		table := "sessions-" + rand.Text()
		if err := must(dynamostore.New(db.Client, dynamostore.Config{Table: table}))(t).CreateTable(t.Context()); err != nil {
			t.Fatal(err)
		}
		return func(t *testing.T) store.Store {
			return must(dynamostore.New(db.Client, dynamostore.Config{Table: table, Now: storetest.Now(t), Timeout: patience}))(t)
		}
	}},
	{"memstore", func(*testing.T) func(*testing.T) store.Store {
		return func(t *testing.T) store.Store {
			s := memstore.New()
			s.Now = storetest.Now(t)
			return s
		}
	}},
	{"cookiestore", func(*testing.T) func(*testing.T) store.Store {
		return func(t *testing.T) store.Store {
			return must(cookiestore.New(cookiestore.Config{Keys: [][]byte{key()}, Now: storetest.Now(t)}))(t)
		}
	}},
	{"redisstore on one server", func(t *testing.T) func(*testing.T) store.Store {
		return onRedis(t, []string{startRedis(t).Addr()})
	}},
	{"redisstore on a cluster of three", func(t *testing.T) func(*testing.T) store.Store {
		return onRedis(t, startCluster(t))
	}},
}

// patience is a store's timeout here, since all tests share the processor.
const patience = time.Minute

// onRedis opens stores on the server at the address, or on the cluster if there
// are several.
func onRedis(t *testing.T, addrs []string) func(*testing.T) store.Store {
	t.Helper()
	client := redis.NewUniversalClient(&redis.UniversalOptions{Addrs: addrs, ContextTimeoutEnabled: true})
	t.Cleanup(func() { _ = client.Close() })
	return func(t *testing.T) store.Store {
		return must(redisstore.New(client, redisstore.Config{Now: storetest.Now(t), Timeout: patience}))(t)
	}
}

// startRedis starts a server and ends it with the test.
func startRedis(t *testing.T, directives ...string) *localtest.Redis {
	t.Helper()
	server := must(localtest.StartRedis(t.Context(), directives...))(t)
	t.Cleanup(func() { _ = server.Close() })
	return server
}

// startCluster starts three servers with a third of the slots each, and returns
// their addresses when all of them serve.
// https://redis.io/docs/latest/operate/oss_and_stack/management/scaling/
func startCluster(t *testing.T) []string {
	t.Helper()
	const servers, slots = 3, 16384
	var (
		addrs  []string
		admins []*redis.Client
	)
	for i := range servers {
		bus := freePort(t)
		server := startRedis(t, "cluster-enabled yes", "cluster-announce-ip 127.0.0.1", "cluster-port "+bus)
		admin := redis.NewClient(&redis.Options{Addr: server.Addr()})
		t.Cleanup(func() { _ = admin.Close() })
		addrs, admins = append(addrs, server.Addr()), append(admins, admin)

		do(t, admin, "cluster", "set-config-epoch", i+1)
		do(t, admin, "cluster", "addslotsrange", i*slots/servers, (i+1)*slots/servers-1)
		if i > 0 {
			host, port, _ := net.SplitHostPort(server.Addr())
			do(t, admins[0], "cluster", "meet", host, port, bus)
		}
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for _, admin := range admins {
		for {
			info := admin.ClusterInfo(t.Context()).Val()
			if strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:"+strconv.Itoa(servers)) {
				break
			}
			<-tick.C // go test's own timeout bounds it
		}
	}
	return addrs
}

func do(t *testing.T, client *redis.Client, args ...any) {
	t.Helper()
	if err := client.Do(t.Context(), args...).Err(); err != nil {
		t.Fatal(err)
	}
}

// freePort finds a port that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
