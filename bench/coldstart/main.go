package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

// The library's own part of a cold start may be this much.
const (
	budgetBytes  = 1_000_000
	budgetMillis = 2.0
)

func main() {
	starts := flag.Int("starts", 60, "how many starts of each function to take the median of")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *starts)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "coldstart:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, starts int) error {
	if starts < 1 {
		return fmt.Errorf("-starts is %d: use 1 or more", starts)
	}
	dir, err := os.MkdirTemp("", "coldstart-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	programs, err := buildAll(ctx, dir)
	if err != nil {
		return err
	}
	results, err := measure(ctx, programs, starts)
	if err != nil {
		return err
	}
	return render(os.Stdout, results, starts)
}
