package history

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// A kilobyte of label, as much as there can be, makes a Query page of some
// 700 devices, and sessions come a hundred at a time.
func TestManyDevicesOfOneSubject(t *testing.T) { // S7
	t.Parallel()
	const many = 1000
	db := localtest.DynamoDB(t)
	m := newManager(t, openDynamoDB(t, db, time.Now), time.Now)
	var cookies [many]string
	var signIns sync.WaitGroup
	for worker := range 8 {
		signIns.Go(func() {
			for i := worker; i < many; i += 8 {
				label := fmt.Sprintf("%04d %s", i, strings.Repeat("x", 1000))
				var err error
				cookies[i], err = request(t.Context(), m, "", func(_ context.Context, s *lambdasession.Session) error {
					return s.SetSubject("ada", label)
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	signIns.Wait()

	db.Meter().Reset()
	seen := map[string]bool{}
	for _, d := range sessionsOf(t, m, t.Context()) {
		seen[d.Label[:4]] = true
	}
	if len(seen) != many {
		t.Errorf("%d devices are listed, want %d", len(seen), many)
	}
	calls := map[string]int{}
	for _, c := range db.Meter().Calls() {
		calls[c.Operation]++
	}
	if calls["Query"] != 2 || calls["BatchGetItem"] != 10 || len(calls) != 2 {
		t.Errorf("the list took %v, want 2 pages and 10 batches", calls)
	}

	const kept = 500
	_, err := request(t.Context(), m, cookies[kept], func(ctx context.Context, _ *lambdasession.Session) error {
		if err := m.RevokeOthers(ctx, "ada"); err != nil {
			return err
		}
		left := sessionsOf(t, m, ctx)
		if len(left) != 1 || !left[0].Current || left[0].Label[:4] != fmt.Sprintf("%04d", kept) {
			t.Errorf("%d devices are left: %.200v; want the current one", len(left), left)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	wantSession(t, m, cookies[kept], output{live: true, signedIn: true})
	for _, i := range []int{0, kept - 1, kept + 1, many - 1} {
		wantSession(t, m, cookies[i], output{})
	}
}

func sessionsOf(t *testing.T, m *lambdasession.Manager, ctx context.Context) []lambdasession.Device {
	t.Helper()
	devices, err := m.Sessions(ctx, "ada")
	if err != nil {
		t.Error(err)
	}
	return devices
}
