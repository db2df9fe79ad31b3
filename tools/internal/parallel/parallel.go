package harvest

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// workers is how many files are under way at once: enough to keep a disk and
// the hashing busy, few enough to bound the memory (xz and zstd take up to 64
// and 128 MiB for the largest windows).
func workers() int { return min(4, max(2, runtime.GOMAXPROCS(0))) }

// each calls do for 0 to n-1 from a few goroutines and gives the error of the
// lowest number that has one: numbers are handed out in order and what was
// begun is ended, so that it is the same error every time.
func each(ctx context.Context, n int, do func(i int) error) error {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	errs := make([]error, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(workers(), n) {
		wg.Go(func() {
			for inner.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if errs[i] = do(i); errs[i] != nil {
					cancel()
				}
			}
		})
	}
	wg.Wait()
	return firstError(append(errs, ctx.Err())...)
}

// both runs two things at once and gives the error of the first, or else that
// of the second.
func both(first, second func() error) error {
	done := make(chan error)
	go func() { done <- first() }()
	err := second()
	return firstError(<-done, err)
}

// counter adds up progress from several goroutines.
type counter struct {
	mu          sync.Mutex
	done, total int64
	step        string
	report      func(step string, done, total int64)
}

func (h *harvester) counter(step string, items []item) *counter {
	c := &counter{step: step, report: h.Progress}
	for _, it := range items {
		c.total += it.size
	}
	return c
}

func (c *counter) add(n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done += n
	c.report(c.step, c.done, c.total)
}
