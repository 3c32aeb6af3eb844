package ferrule

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// CartField is where all functions find the cart in a session.
var CartField = lambdasession.NewField[Cart]("cart")

// Settings opens the store and says how sessions are kept, as getenv's variables
// have it. Call it before the first request, while Lambda initialises the
// environment. An error names every variable to change.
func Settings(ctx context.Context, getenv func(string) string) (lambdasession.Config, error) {
	idle, idleErr := duration(getenv, "SESSION_IDLE_TIMEOUT")
	absolute, absoluteErr := duration(getenv, "SESSION_ABSOLUTE_TIMEOUT")
	keys, keysErr := secretKeys(ctx, getenv, "SESSION_KEYS_SECRET") // they sign the cookie
	sessions, maxBytes, storeErr := openStore(ctx, getenv)
	return lambdasession.Config{
		Store:           sessions,
		Keys:            keys,
		IdleTimeout:     idle,
		AbsoluteTimeout: absolute,
		MaxBytes:        maxBytes,
	}, errors.Join(idleErr, absoluteErr, keysErr, storeErr)
}

// duration is what a variable says, or 0, which stands for the library's default.
func duration(getenv func(string) string, name string) (time.Duration, error) {
	text := getenv(name)
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Second {
		return 0, fmt.Errorf("%s is %q: set it to a time such as 30m or 12h, or leave it out", name, text)
	}
	return d, nil
}
