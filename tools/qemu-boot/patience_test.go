package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Time that the machine waits for a processor does not count.
func TestABusyComputerHurriesNothing(t *testing.T) {
	ctx, end := context.WithCancelCause(context.Background())
	asked := 0
	limit(ctx, time.Millisecond, func() time.Duration {
		if asked++; asked < 20 {
			return time.Hour
		}
		return 0
	}, end)
	if asked != 20 || !errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		t.Errorf("asked %d times, %v", asked, context.Cause(ctx))
	}
}

func TestWhatIsDoneHasNoLimit(t *testing.T) {
	ctx, end := context.WithCancelCause(context.Background())
	end(nil)
	limit(ctx, time.Hour, func() time.Duration { return 0 }, end)
	if errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		t.Error(context.Cause(ctx))
	}
}

// The thread that waited longest counts, and what cannot be read does not.
func TestWaited(t *testing.T) {
	proc := t.TempDir()
	for thread, text := range []string{"5000 2000000000 7\n", "1 3000000000 1\n", "0 0 0\n", "no numbers\n", ""} {
		dir := filepath.Join(proc, "task", fmt.Sprint(thread))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "schedstat"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := waited(proc); got != 3*time.Second {
		t.Errorf("%v, want 3 s", got)
	}
	if got := waited(filepath.Join(proc, "gone")); got != 0 {
		t.Errorf("of no process: %v", got)
	}
}
