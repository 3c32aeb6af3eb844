// Package redisstore keeps sessions in Redis or Valkey, one server or a cluster.
// It implements [store.Store] and [store.Subjects] in full. It is a module of
// its own, so that go-redis stays out of the graph of those who don't use it.
//
// Start with [New], then read load.go and update.go: each operation has a file
// of its name. They stand on place.go (what keys are called, and why all of a
// subject's are in one slot), lua/ (what happens inside the server), send.go
// (how a script is run, and run again), decode.go (what a hash means) and
// across.go (a sign-in that crosses slots).
//
// # The server
//
// Redis 7.0 or later, or Valkey, which took Redis 7.2 over. The tests run on real
// servers: one, a cluster of three, one with TLS and an ACL. What they were run on
// so far is Redis 7.0; a valkey-server takes its place if REDIS_SERVER names one.
//
// The server must not evict (maxmemory-policy
// noeviction): an evicted list of devices is one that no revocation finds.
// [Store.Check] looks at both.
//
// Redis replicates after it has answered. A failover can therefore lose the
// last writes before it, and a logout may be one of them. Where that must not
// be, take a server that answers after it has replicated, such as MemoryDB, or
// package dynamostore.
//
// # What is stored
//
// Everything is a hash. The part in braces is what a cluster hashes.
//
//	session     s:{ab}:<digest>   v, rev, created, ends, expires, subject, device, and f:<field> for each value
//	            while signed in   to and toAt besides, in a cluster: see across.go
//	ended mark  the same key      ended, rev, next, subject, device
//	subject     u:{ab}:<subject>  d:<device's id> for each device, and revoked
//
// Ab is the first two letters of the key's secret, 12 of its 256 random bits; a
// signed-in session takes them from a hash of its subject. Of the rest of a secret
// nothing is stored but the digest. Expiry is checked by the store's own clock on
// every read and in every write; Redis removes what has expired, though not
// within 16 minutes of its last write.
//
// Commands carry values. A hook that records whole commands, as some that trace
// do, records sessions: turn that off, or put package sealedstore around the store.
//
// # Round trips
//
//	Load, Save, Update, UpdateTTL  1
//	Rotate                         1; 3 where a sign-in crosses slots, which it does in a cluster
//	Delete                         1, 2 with a subject
//	Devices                        2, and 1 for each further hundred devices
//	Revoke                         2
//	RevokeAll                      2, and 1 for each further hundred devices
//
// A session that is met in the middle of such a sign-in costs one more to read
// and three more to write.
//
// # Permissions
//
// The least that an ACL must give:
//
//	~<prefix>s:* ~<prefix>u:* resetchannels
//	+eval +evalsha +hgetall +hget +hmget +hset +hdel +hkeys +hlen +hexists +exists +del +pexpire +pttl
//	+cluster|slots               go-redis on a cluster
//	+script|load                 Warm
//	+info                        Check
package redisstore
