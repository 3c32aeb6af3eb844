package redisstore

import (
	"crypto/sha1" //nolint:gosec // what Redis names a script by
	"embed"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

const (
	// markLifetime is rounded up, since Redis goes by a clock of its own.
	markLifetime = store.MarkLifetime + time.Second

	// lockLifetime is shorter than what a lock points to is kept.
	lockLifetime = store.MarkLifetime - time.Minute

	// revocationLifetime is longer than a sign-in can be under way.
	revocationLifetime = time.Hour
)

//go:embed lua
var lua embed.FS

// A script is a program for the server, named there by its SHA-1.
type script struct {
	source, sha string
}

var (
	scriptRead      = load("read", "allow-oom")
	scriptSave      = load("save", "")
	scriptChange    = load("change", "")
	scriptEnd       = load("end", "allow-oom")
	scriptRotate    = load("rotate", "")
	scriptLock      = load("lock", "")
	scriptProbe     = load("probe", "allow-oom")
	scriptSettle    = load("settle", "allow-oom")
	scriptDrop      = load("drop", "allow-oom")
	scriptRevokeAll = load("revokeall", "allow-oom")
	scriptRevoke    = load("revoke", "allow-oom")
)

// scripts is all of them, for Warm.
func scripts() []*script {
	return []*script{
		scriptRead, scriptSave, scriptChange, scriptEnd, scriptRotate, scriptLock,
		scriptProbe, scriptSettle, scriptDrop, scriptRevokeAll, scriptRevoke,
	}
}

// load makes the script of a file in lua/. The flag allow-oom lets it run where
// the server has no memory left: what reads, and what ends sessions, makes
// nothing worse. None has the flag no-writes, so that replicas refuse them all.
// https://redis.io/docs/latest/develop/programmability/lua-api/#script_flags
func load(name, flags string) *script {
	parts := []string{fmt.Sprintf("#!lua flags=%s\nlocal MARK_MS, LOCK_MS, REVOCATION_MS = %d, %d, %d\n",
		flags, markLifetime.Milliseconds(), lockLifetime.Milliseconds(), revocationLifetime.Milliseconds())}
	for _, file := range []string{"common", name} {
		text, err := lua.ReadFile("lua/" + file + ".lua")
		if err != nil {
			panic("redisstore: " + err.Error()) // the file was not compiled in
		}
		parts = append(parts, string(text))
	}
	source := strings.Join(parts, "")
	sum := sha1.Sum([]byte(source)) //nolint:gosec // as above
	return &script{source: source, sha: hex.EncodeToString(sum[:])}
}
