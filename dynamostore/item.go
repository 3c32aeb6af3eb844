package dynamostore

import (
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/store"
)

// An item is an item of the table, its key, or the values of an expression.
type item = map[string]types.AttributeValue

// The attributes of the store's items, besides the three that Config names.
// Some are reserved words, so expressions use placeholders for all.
const (
	attrCreated = "created" // N, epoch seconds with the microseconds as fraction
	attrData    = "data"    // M, field to S if it is UTF-8, else B
	attrDevice  = "device"  // S, id of the subject's device
	attrEnded   = "ended"   // N, like created; makes the item a mark
	attrEnds    = "ends"    // N, epoch seconds
	attrLabel   = "label"   // S or B, what to call the device
	attrNext    = "next"    // S, digest of the successor's key
	attrRev     = "rev"     // S, another one after every write
	attrRevoked = "revoked" // N, epoch microseconds
	attrSession = "session" // S, digest of the key of the device's session
	attrSubject = "subject" // S
	attrVersion = "v"       // N, version of the session's format
)

var ownAttributes = []string{
	attrCreated, attrData, attrDevice, attrEnded, attrEnds, attrLabel,
	attrNext, attrRev, attrRevoked, attrSession, attrSubject, attrVersion,
}

// formatVersion is the version of a session's item that this package writes
// and the only one it reads.
const formatVersion = "1"

// What the keys of items begin with.
const (
	sessionPartition = "s#"
	subjectPartition = "u#"
	sessionSort      = "s"
	devicePrefix     = "d#"
	revocationSort   = "r"
)

func (s *Store) key(partition, sort string) item {
	return item{
		s.cfg.PartitionKey: text(s.cfg.KeyPrefix + partition),
		s.cfg.SortKey:      text(sort),
	}
}

func (s *Store) sessionKey(digest string) item {
	return s.key(sessionPartition+digest, sessionSort)
}

func (s *Store) deviceKey(subject, device string) item {
	return s.key(subjectPartition+subject, devicePrefix+device)
}

func (s *Store) revocationKey(subject string) item {
	return s.key(subjectPartition+subject, revocationSort)
}

// sessionItem is the item of a new session.
func (s *Store) sessionItem(digest, rev string, r store.Record) item {
	it := s.sessionKey(digest)
	it[attrVersion] = number(formatVersion)
	it[attrRev] = text(rev)
	it[attrCreated] = fraction(r.Created)
	it[attrEnds] = seconds(r.Ends)
	it[s.cfg.TTLAttribute] = seconds(r.Expires)
	it[attrData] = values(r.Values)
	if r.Subject != "" {
		it[attrSubject] = text(r.Subject)
		it[attrDevice] = text(r.Device)
	}
	return it
}

func text(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }

func number(v string) types.AttributeValue { return &types.AttributeValueMemberN{Value: v} }

// seconds is t in whole seconds since the epoch, as DynamoDB's TTL wants it;
// the fraction is dropped.
func seconds(t time.Time) types.AttributeValue { return number(strconv.FormatInt(t.Unix(), 10)) }

// micros is t in microseconds since the epoch.
func micros(t time.Time) types.AttributeValue {
	return number(strconv.FormatInt(t.UnixMicro(), 10))
}

// fraction is t in seconds since the epoch, to the microsecond. A Number has 38
// digits, so nothing is lost.
func fraction(t time.Time) types.AttributeValue {
	us := t.UnixMicro()
	digits := strconv.FormatInt(us%1e6+1e6, 10) // a leading 1 keeps the zeros
	return number(strconv.FormatInt(us/1e6, 10) + "." + digits[1:])
}

// value is the bytes of a field: text where they are, so that people can read
// the table, and because DynamoDB carries other bytes in base64.
func value(b []byte) types.AttributeValue {
	if utf8.Valid(b) {
		return text(string(b))
	}
	return &types.AttributeValueMemberB{Value: b}
}

func values(fields map[string][]byte) types.AttributeValue {
	m := make(item, len(fields))
	for name, b := range fields {
		m[name] = value(b)
	}
	return &types.AttributeValueMemberM{Value: m}
}
