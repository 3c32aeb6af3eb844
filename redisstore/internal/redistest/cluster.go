package redistest

import (
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// slots is how many there are.
const slots = 16384

// A Cluster is three servers, each with a third of the slots.
type Cluster struct {
	Servers [3]*Server
}

// StartCluster starts a cluster and returns when all of it serves.
func StartCluster(t testing.TB, directives ...string) *Cluster {
	t.Helper()
	c := &Cluster{}
	var bus string // of the last one, and then of the first
	for i := len(c.Servers) - 1; i >= 0; i-- {
		c.Servers[i] = startWith(t, "", func(port string) []string {
			bus = FreePort(t)
			return append([]string{
				"port " + port, "cluster-port " + bus, "cluster-announce-ip 127.0.0.1",
				"cluster-enabled yes", "cluster-config-file nodes.conf", "cluster-node-timeout 5000",
			}, directives...)
		})
	}
	ctx := t.Context()
	_, port, _ := strings.Cut(c.Servers[0].Addr, ":")
	for i, s := range c.Servers {
		first, last := lastSlot(i-1, len(c.Servers))+1, lastSlot(i, len(c.Servers))
		must(t, s.Admin().Do(ctx, "cluster", "set-config-epoch", i+1).Err())
		must(t, s.Admin().Do(ctx, "cluster", "addslotsrange", first, last).Err())
		if i > 0 {
			must(t, s.Admin().Do(ctx, "cluster", "meet", "127.0.0.1", port, bus).Err())
		}
	}
	for _, s := range c.Servers {
		must(t, s.program.waitUntil(func() bool {
			info := s.Admin().ClusterInfo(ctx).Val()
			return strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:3")
		}))
	}
	return c
}

// lastSlot is the last slot of the i-th of n servers.
func lastSlot(i, n int) int { return (i+1)*slots/n - 1 }

// Client makes a client of the cluster. It is closed when the test ends.
func (c *Cluster) Client(t testing.TB) *redis.ClusterClient {
	t.Helper()
	o := &redis.ClusterOptions{
		ContextTimeoutEnabled:    true,
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	for _, s := range c.Servers {
		o.Addrs = append(o.Addrs, s.Addr)
	}
	client := redis.NewClusterClient(o)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// Slot is the slot of a key.
func (c *Cluster) Slot(t testing.TB, key string) int {
	t.Helper()
	n, err := c.Servers[0].Admin().ClusterKeySlot(t.Context(), key).Result()
	must(t, err)
	return int(n)
}

// Move moves a slot with all its keys to another server, step by step, and
// calls between while the slot is with neither alone: with half of its keys moved.
func (c *Cluster) Move(t testing.TB, slot int, between func()) {
	t.Helper()
	ctx := t.Context()
	i := 0
	for slot > lastSlot(i, len(c.Servers)) {
		i++
	}
	from, to := c.Servers[i], c.Servers[(i+1)%len(c.Servers)]
	id := func(s *Server) string {
		v, err := s.Admin().Do(ctx, "cluster", "myid").Text()
		must(t, err)
		return v
	}
	must(t, to.Admin().Do(ctx, "cluster", "setslot", slot, "importing", id(from)).Err())
	must(t, from.Admin().Do(ctx, "cluster", "setslot", slot, "migrating", id(to)).Err())
	keys, err := from.Admin().ClusterGetKeysInSlot(ctx, slot, 1000).Result()
	must(t, err)
	host, port, _ := strings.Cut(to.Addr, ":")
	for i, key := range keys {
		if i == (len(keys)+1)/2 {
			between()
		}
		must(t, from.Admin().Migrate(ctx, host, port, key, 0, 0).Err())
	}
	for _, s := range []*Server{to, from} {
		must(t, s.Admin().Do(ctx, "cluster", "setslot", slot, "node", id(to)).Err())
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
