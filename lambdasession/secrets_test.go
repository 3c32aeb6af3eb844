package lambdasession_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/store"
)

const (
	sentinelKey   = "sentinel-hmac-key-0123456789-abcdef"
	sentinelValue = "sentinel-value-of-a-field"
)

// formats are every verb of fmt, real or not, plain and with the flags that change
// what is shown.
var formats = func() (list []string) {
	for _, flag := range []string{"", "+", "#", " "} {
		for verb := 'A'; verb <= 'z'; verb++ {
			if verb <= 'Z' || verb >= 'a' {
				list = append(list, "%"+flag+string(verb))
			}
		}
	}
	return list
}()

// needles are the ways in which secrets would show in a text: as they are, or
// as fmt, JSON, hex or base64 write them, in bytes or as a string.
func needles(secrets ...string) map[string]string {
	list := map[string]string{} // what it looks like to what it is
	core := regexp.MustCompile(`[^\[\](){}=]+`)
	for _, s := range secrets {
		looks := []string{
			s, hex.EncodeToString([]byte(s)), base64.StdEncoding.EncodeToString([]byte(s)), base64.URLEncoding.EncodeToString([]byte(s)),
		}
		for _, format := range formats {
			if strings.HasSuffix(format, "p") {
				continue // an address
			}
			for _, v := range []any{s, []byte(s)} {
				longest := ""
				for _, part := range core.FindAllString(fmt.Sprintf(format, v), -1) {
					if len(part) > len(longest) {
						longest = part
					}
				}
				looks = append(looks, longest)
			}
		}
		for _, look := range looks {
			if look = strings.TrimSpace(look); len(look) >= 16 {
				list[look] = s
			}
		}
	}
	return list
}

// wantNoSecret checks a text for secrets.
func wantNoSecret(t *testing.T, what, text string, secrets map[string]string) {
	t.Helper()
	for look, secret := range secrets {
		if strings.Contains(text, look) {
			t.Errorf("%s shows the secret %q:\n%s", what, secret, text)
			return
		}
	}
}

func TestNeedlesFindSecrets(t *testing.T) {
	t.Parallel()
	type key struct{ secret []byte }
	looks := needles(sentinelKey)
	for _, v := range []any{sentinelKey, []byte(sentinelKey), [][]byte{[]byte(sentinelKey)}, key{[]byte(sentinelKey)}, &key{[]byte(sentinelKey)}} {
		for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "% X", "%d", "%o", "%b", "%c", "%U", "%z"} {
			text, found := fmt.Sprintf(format, v), false
			for look := range looks {
				found = found || strings.Contains(text, look)
			}
			// Each byte, or the text, under a verb that is none for it.
			if !found && !strings.Contains(text, "%!") {
				t.Errorf("a secret printed by %s is not recognised: %s", format, text)
			}
		}
	}
}

func TestNothingPrintsASecret(t *testing.T) { // S16
	t.Parallel()
	cfg := lambdasession.Config{Keys: [][]byte{[]byte(sentinelKey)}, Store: memstore.New(), Logger: slog.New(slog.DiscardHandler)}
	m, err := lambdasession.New(cfg)
	succeed(t, err)
	note := lambdasession.NewField[string]("note")
	out := visit(t, m, httpGet(), func(s *lambdasession.Session) error { return note.Set(s, sentinelValue) })
	_, value, _ := strings.Cut(strings.Split(out.Cookies[0], ";")[0], "=")
	secret, signature, _ := strings.Cut(value, ".")
	secrets := needles(sentinelKey, sentinelValue, secret, signature)

	x, err := m.Begin(t.Context(), lambdasession.Request{Method: http.MethodGet, Cookies: []string{cookieName + "=" + value}})
	succeed(t, err)
	defer x.Close()
	s := lambdasession.From(x.Context())
	if got := get(t, note, s); got != sentinelValue {
		t.Fatalf("the session holds %q", got)
	}
	succeed(t, lambdasession.NewField[string]("other").Set(s, sentinelValue))
	info, err := s.Info()
	succeed(t, err)

	child, cancel := context.WithCancel(x.Context())
	defer cancel()
	type inside struct {
		m *lambdasession.Manager
		x *lambdasession.Exchange
		s *lambdasession.Session
		c context.Context
		v lambdasession.Manager
	}
	type outside struct {
		M *lambdasession.Manager
		X *lambdasession.Exchange
		S *lambdasession.Session
		C context.Context
		V lambdasession.Manager
		F lambdasession.Config
	}
	hasConfig := map[string]bool{
		"Config": true, "*Config": true, "exported fields": true, "a pointer to these": true, "a slice": true, "a map": true,
	}
	for name, v := range map[string]any{
		"Config":             cfg,
		"*Config":            &cfg,
		"*Manager":           m,
		"Manager":            *m,
		"*Exchange":          x,
		"*Session":           s,
		"Session":            *s,
		"a child's Session":  lambdasession.From(child),
		"the context":        x.Context(),
		"a child of it":      child,
		"Info":               info,
		"Status":             s.Status(),
		"Field":              note,
		"key":                store.KeyOf(secret),
		"unexported fields":  inside{m, x, s, child, *m},
		"a pointer to them":  &inside{m, x, s, child, *m},
		"exported fields":    outside{m, x, s, child, *m, cfg},
		"a pointer to these": &outside{m, x, s, child, *m, cfg},
		"a slice":            []any{m, x, s, child, *m, cfg},
		"a map":              map[string]any{"m": m, "x": x, "s": s, "c": child, "v": *m, "cfg": cfg},
	} {
		t.Run(name, func(t *testing.T) {
			for _, format := range formats {
				if hasConfig[name] && strings.ContainsAny(format, "pw") {
					continue // fmt calls no Format for these two, which go vet reports
				}
				if wantNoSecret(t, format+" of "+name, fmt.Sprintf(format, v), secrets); t.Failed() {
					return // one is enough
				}
			}
			encoded, _ := json.Marshal(v) // it may well refuse
			wantNoSecret(t, "JSON of "+name, string(encoded), secrets)
			var log bytes.Buffer
			slog.New(slog.NewTextHandler(&log, nil)).Error("text", "v", v)
			slog.New(slog.NewJSONHandler(&log, nil)).Error("json", "v", v)
			wantNoSecret(t, "the log of "+name, log.String(), secrets)
		})
	}
}

// observations are what an Observer was told.
type observations []lambdasession.Observation

func (o *observations) Observe(_ context.Context, seen lambdasession.Observation) {
	*o = append(*o, seen)
}

func TestNoSecretLeavesWithWhatGoesWrong(t *testing.T) { // S16
	t.Parallel()
	text := lambdasession.NewField[string]("note")
	loose := errors.Join // of errors, nil if all are
	for name, test := range map[string]struct {
		do    func(*spy, *lambdasession.Session) error
		event func(*httpRequest)
	}{
		"a store that cannot answer": {
			do: func(st *spy, s *lambdasession.Session) error {
				goSilent(st)
				_, err := text.Get(s)
				return loose(err, text.Set(s, sentinelValue))
			},
		},
		"a save that fails": {
			do: func(st *spy, s *lambdasession.Session) error {
				goSilent(st)
				return text.Set(s, sentinelValue+" again")
			},
		},
		"an expiry that cannot be moved": {
			do: func(st *spy, s *lambdasession.Session) error {
				_, err := text.Get(s)
				goSilent(st)
				return err
			},
		},
		"a value that is no number": {
			do: func(_ *spy, s *lambdasession.Session) error {
				_, err := lambdasession.NewField[int]("note").Get(s)
				return err
			},
		},
		"a value whose type quotes it": {
			do: func(_ *spy, s *lambdasession.Session) error {
				_, err := lambdasession.NewField[time.Time]("note").Get(s)
				_, err2 := lambdasession.NewField[time.Time]("note").Pop(s)
				return loose(err, err2)
			},
		},
		"a value that cannot be encoded, whose type quotes it": {
			do: func(_ *spy, s *lambdasession.Session) error {
				return lambdasession.NewField[json.Number]("note").Set(s, sentinelValue)
			},
		},
		"a session that is too large": {
			do: func(_ *spy, s *lambdasession.Session) error {
				return text.Set(s, strings.Repeat(sentinelValue, 1<<12))
			},
		},
		"a parallel write to the same field": {
			do: func(st *spy, s *lambdasession.Session) error {
				_, err := text.Update(s, func(v string) (string, error) { return v + "!", nil })
				st.once("update", func(context.Context) error {
					return &store.ConflictError{Current: store.Record{
						Values: map[string][]byte{"note": []byte(`"` + sentinelValue + `?"`)}, Expires: time.Now().Add(time.Hour), Ends: time.Now().Add(time.Hour),
					}}
				})
				return err
			},
		},
		"a request of another site": {
			event: func(e *httpRequest) {
				e.RequestContext.HTTP.Method, e.Headers["origin"] = http.MethodPost, "https://evil.example"
			},
		},
		"a forged cookie":    {event: func(e *httpRequest) { e.Cookies[0] = strings.TrimRight(e.Cookies[0], "A") + "A" }},
		"two cookies":        {event: func(e *httpRequest) { e.Cookies = append(e.Cookies, e.Cookies[0]) }},
		"a malformed cookie": {event: func(e *httpRequest) { e.Cookies[0] += "=" }},
		"the session, inside": {do: func(_ *spy, s *lambdasession.Session) error {
			_, err := text.Update(s, func(v string) (string, error) { return v, s.Destroy() })
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now, pass := clockFrom(noon)
			var log bytes.Buffer
			var seen observations
			st := newSpy(now)
			sessions := newSessions(t, lambdasession.Config{
				Store: st, Now: now, Keys: [][]byte{[]byte(sentinelKey)}, Observer: &seen,
				Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
			})
			begun := visit(t, sessions, httpGet(), func(s *lambdasession.Session) error { return text.Set(s, sentinelValue) })
			pair, _, _ := strings.Cut(begun.Cookies[0], ";")
			_, value, _ := strings.Cut(pair, "=")
			secret, signature, _ := strings.Cut(value, ".")
			secrets := needles(sentinelKey, sentinelValue, secret, signature)
			pass(10 * time.Minute)

			e := httpGet(pair)
			if test.event != nil {
				test.event(&e)
			}
			out := visit(t, sessions, e, func(s *lambdasession.Session) error {
				if test.do == nil {
					_, err := text.Get(s)
					return err
				}
				err := test.do(st, s)
				for _, format := range formats {
					wantNoSecret(t, format+" of the error", fmt.Sprintf(format, err), secrets)
				}
				return err
			})
			if log.Len() == 0 && len(seen) < 2 {
				t.Error("nothing was logged and nothing observed: is this what goes wrong?")
			}
			wantNoSecret(t, "the log", log.String(), secrets)
			wantNoSecret(t, "the response", fmt.Sprintf("%+v", out), secrets)
			for _, o := range seen {
				for _, format := range formats {
					wantNoSecret(t, format+" of an observation", fmt.Sprintf(format, o), secrets)
					wantNoSecret(t, format+" of an observed error", fmt.Sprintf(format, o.Err), secrets)
				}
				encoded, _ := json.Marshal(o)
				wantNoSecret(t, "JSON of an observation", string(encoded), secrets)
			}
		})
	}
}
