package localtest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// A FaultKind is one way in which a request to DynamoDB goes wrong.
type FaultKind uint8

const (
	// ConnectionReset ends the connection instead of answering. Like the next
	// three, it does not say whether the request was applied: see
	// Fault.Applied.
	ConnectionReset FaultKind = iota + 1

	// BlackHole never answers, until the client gives up or the test ends.
	BlackHole

	// ServerError answers with status 500 and DynamoDB's InternalServerError.
	ServerError

	// InvalidJSON answers with status 200 and a body that is no JSON.
	InvalidJSON

	// Delay lets the request arrive after Fault.Pause, even if its client has
	// given up by then, as requests do that linger in a network.
	Delay

	// Trickle sends DynamoDB's answer byte by byte, with Fault.Pause between
	// two.
	Trickle

	// TruncatedAnswer sends half of DynamoDB's answer and ends the connection.
	TruncatedAnswer

	// Throttling answers with DynamoDB's ThrottlingException. By this and the
	// next four DynamoDB says that it has done nothing.
	Throttling

	// AccessDenied answers with an AccessDeniedException.
	AccessDenied

	// NoSuchTable answers with a ResourceNotFoundException.
	NoSuchTable

	// TransactionConflict says that a transaction on the same item is under
	// way. For a transaction it is the reason why that was cancelled, for a
	// single write a TransactionConflictException. DynamoDB Local never
	// produces it.
	TransactionConflict

	// TransactionInProgress is a TransactionInProgressException: a transaction
	// with the same token is under way. DynamoDB Local never produces it.
	TransactionInProgress

	// StaleRead answers a GetItem as DynamoDB may while a write is on its way
	// to all replicas: with the proxy's last answer to the same GetItem, and
	// without the item if there was none. It never meets a GetItem with
	// ConsistentRead.
	StaleRead
)

// kindTraits is what there is to know of a kind.
type kindTraits struct {
	name       string
	operations []string // on which DynamoDB has this fault; nil: on all
	applicable bool     // Fault.Applied may be set
	paused     bool     // Fault.Pause may be set
}

var kinds = map[FaultKind]kindTraits{
	ConnectionReset: {name: "ConnectionReset", applicable: true},
	BlackHole:       {name: "BlackHole", applicable: true},
	ServerError:     {name: "ServerError", applicable: true},
	InvalidJSON:     {name: "InvalidJSON", applicable: true},
	Delay:           {name: "Delay", paused: true},
	Trickle:         {name: "Trickle", paused: true},
	TruncatedAnswer: {name: "TruncatedAnswer"},
	Throttling:      {name: "Throttling"},
	AccessDenied:    {name: "AccessDenied"},
	NoSuchTable:     {name: "NoSuchTable"},
	TransactionConflict: {
		name:       "TransactionConflict",
		operations: []string{"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "TransactGetItems"},
	},
	TransactionInProgress: {name: "TransactionInProgress", operations: []string{"TransactWriteItems"}},
	StaleRead:             {name: "StaleRead", operations: []string{"GetItem"}},
}

// String returns the name of the constant.
func (k FaultKind) String() string {
	if traits, ok := kinds[k]; ok {
		return traits.name
	}
	return "FaultKind(" + strconv.Itoa(int(k)) + ")"
}

// A Fault says what goes wrong, and which requests meet it: all that it is
// possible for, unless a field says otherwise.
type Fault struct {
	Kind FaultKind

	// Operations, such as UpdateItem, are those that meet the fault.
	Operations []string

	// After is how many such requests pass first.
	After int

	// Times is how many meet the fault then; 0 means all.
	Times int

	// Probability is that of each request to meet it; 0 means certainty.
	// Chance starts from Seed, so that a test meets the same every time.
	Probability float64
	Seed        uint64

	// Applied lets the request reach DynamoDB all the same: its answer is
	// lost, and what it asked for is done. For ConnectionReset, BlackHole,
	// ServerError and InvalidJSON.
	Applied bool

	// Pause is how long Delay and Trickle wait.
	Pause time.Duration

	// Meanwhile, unless nil, runs when a request meets the fault, before its
	// client gets to know: the moment for another writer. What it sends by the
	// same proxy may meet the fault as well.
	Meanwhile func()
}

// validate reports everything that is wrong with f.
func (f Fault) validate() error {
	traits, ok := kinds[f.Kind]
	if !ok {
		return fmt.Errorf("%v is no kind of fault; use one of the package's constants", f.Kind)
	}
	var problems []error
	problem := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf(format, args...))
	}
	for _, operation := range f.Operations {
		if traits.operations != nil && !slices.Contains(traits.operations, operation) {
			problem("Operations has %q, on which it never happens; use some of %q", operation, traits.operations)
		}
	}
	if f.After < 0 || f.Times < 0 {
		problem("After is %d and Times is %d; use 0 or more", f.After, f.Times)
	}
	if f.Probability < 0 || f.Probability > 1 {
		problem("Probability is %v; use 0 to 1", f.Probability)
	}
	if f.Applied && !traits.applicable {
		problem("Applied is set; whether the request is applied goes without saying")
	}
	switch {
	case f.Pause != 0 && !traits.paused:
		problem("Pause is set; it is for Delay and Trickle")
	case f.Pause <= 0 && f.Kind == Delay:
		problem("Pause is %v; say how long", f.Pause)
	}
	if err := errors.Join(problems...); err != nil {
		return fmt.Errorf("a Fault of kind %v: %w", f.Kind, err)
	}
	return nil
}
