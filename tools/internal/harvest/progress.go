package harvest

import "sync"

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
