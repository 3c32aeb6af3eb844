package dynamostore_test

import (
	"errors"
	"sync"

	"github.com/lambdasession/lambdasession-go/dynamostore"
)

var errLost = errors.New("connection reset by peer")

// A lossy client loses the answer to the first write of an operation: after it
// was applied, or before it reached DynamoDB. Then, before the write is sent
// again, meanwhile happens.
type lossy struct {
	*interceptor
	applied   bool
	meanwhile func()
	once      sync.Once
}

func newLossy(behind dynamostore.Client, applied bool, meanwhile func()) *lossy {
	l := &lossy{applied: applied, meanwhile: meanwhile}
	l.interceptor = intercept(behind, func(r request) (out any, err error) {
		switch r.operation {
		case "GetItem", "Query", "BatchGetItem":
			return r.forward()
		}
		lost := false
		l.once.Do(func() {
			lost = true
			if l.applied {
				if _, err = r.forward(); err != nil {
					return
				}
			}
			if l.meanwhile != nil {
				l.meanwhile()
			}
			err = errLost
		})
		if lost {
			return nil, err
		}
		return r.forward()
	})
	return l
}
