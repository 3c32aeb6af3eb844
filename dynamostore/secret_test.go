package dynamostore_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/store"
)

// S16. Whatever DynamoDB answers, the key's secret is in no request, and
// neither it nor a value nor the subject is in an error or in the log.
func TestNoSecretGoesOut(t *testing.T) {
	t.Parallel()
	const value, subject = "a sentinel value", "a sentinel subject"
	stored := storedSession(subject, value)
	faults := append(unknownOutcomes(), passing()...)
	faults = append(faults,
		refuses("ValidationException", "invalid"),
		finds("a condition", stored), findsInTransaction("a condition of a transaction", stored),
		answers("a hostile item", http.StatusOK, `{"Item": `+strings.Replace(stored, `"N": "1"`, `"S": "`+value+`"`, 1)+`}`),
		finds("a condition on a hostile item", strings.Replace(stored, `{"S": "`+value+`"}`, `{"N": "1"}`, 1)),
		answers("a device without a session", http.StatusOK, `{"Items": [{"sk": {"S": "d#d1"}, "label": {"S": "`+value+`"}}]}`),
	)
	for _, f := range faults {
		t.Run("in or after "+f.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := &wire{answer: func(_ int, r *http.Request) (*http.Response, error) { return f.answer(r) }}
				var out bytes.Buffer
				st := newStore(t, w.client(), dynamostore.Config{
					Table: "sessions", Logger: slog.New(slog.NewTextHandler(&out, nil)),
				})
				key := store.NewKey()
				useAll(t.Context(), &out, st, key, subject, value)

				for _, secret := range []string{key.Reveal(), value, subject} {
					if strings.Contains(out.String(), secret) {
						t.Errorf("%q is in:\n%s", secret, &out)
					}
				}
				for _, body := range w.requests() {
					if bytes.Contains(body, []byte(key.Reveal())) {
						t.Errorf("the key's secret is in a request: %s", body)
					}
				}
			})
		})
	}
}

// useAll runs every operation and prints the errors as people print them.
func useAll(ctx context.Context, out io.Writer, st *dynamostore.Store, key store.Key, subject, value string) {
	r := signedIn(subject, "d1")
	r.Values["f"] = []byte(value)
	r.Revision = "r0"
	c := set("f", value)
	c.Expect = map[string][]byte{"f": []byte(value + "?")}

	_, loaded := st.Load(ctx, key)
	_, saved := st.Save(ctx, r)
	_, updated := st.Update(ctx, key, c)
	_, rotated := st.Rotate(ctx, key, r, r)
	_, devices := st.Devices(ctx, subject)
	_, revokedAll := st.RevokeAll(ctx, subject, "")
	session, inspected := st.Inspect(ctx, key.Digest())
	_, _, scanned := st.Scan(ctx, "", 1)
	_, mistaken := st.Inspect(ctx, key.Reveal()+".")
	for _, err := range []error{
		loaded, saved, updated, rotated, devices, revokedAll, session.Err, inspected, scanned, mistaken,
		st.Delete(ctx, key), st.Revoke(ctx, subject, "d1"), st.End(ctx, key.Digest()),
	} {
		fmt.Fprintf(out, "%v %+v %s %q\n", err, err, err, err)
		slog.New(slog.NewJSONHandler(out, nil)).Error("failed", "error", err)
	}
}
