package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// limit ends what ctx is for once it has taken that long, with DeadlineExceeded
// for a cause. What waited gives does not count.
func limit(ctx context.Context, after time.Duration, waited func() time.Duration, end context.CancelCauseFunc) {
	start := time.Now()
	tick := time.NewTicker(max(min(after, time.Second), time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if time.Since(start)-waited() >= after {
				end(context.DeadlineExceeded)
				return
			}
		}
	}
}

// waited is how long a process would have run but had no processor, as other
// programs had them all: of its threads, that of the one that waited longest.
// procDir is the process' in /proc, where each thread's schedstat has three
// numbers, the second of them this one in nanoseconds (Documentation/scheduler/sched-stats.rst
// in Linux). Where the kernel keeps no account it is zero.
func waited(procDir string) time.Duration {
	threads, _ := filepath.Glob(filepath.Join(procDir, "task", "*", "schedstat"))
	var longest time.Duration
	for _, file := range threads {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		var ran, wait int64
		if n, _ := fmt.Sscan(string(text), &ran, &wait); n == 2 {
			longest = max(longest, time.Duration(wait))
		}
	}
	return longest
}
