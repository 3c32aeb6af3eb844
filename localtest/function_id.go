package localtest

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"time"
)

// newRequestID is a random UUID, as Lambda's request ids are.
func newRequestID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails: crypto/rand ends the program first
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// newTraceID is an X-Ray header that says "not sampled".
func newTraceID() string {
	var id [20]byte
	_, _ = rand.Read(id[:])
	return fmt.Sprintf("Root=1-%08x-%s;Parent=%s;Sampled=0",
		time.Now().Unix(), hex.EncodeToString(id[:12]), hex.EncodeToString(id[12:]))
}
