package mkext4

import (
	"runtime"
	"sync"
)

// copiers is how many read at once: enough that the disk always has some to
// fetch, few enough that their buffers stay small.
func copiers() int { return min(8, 2*runtime.GOMAXPROCS(0)) }

// files writes the contents of all regular files. Every one has its place, so
// the order does not matter. The error is that of the first file in the tree
// that has one: batches are handed out in order, and those begun are ended.
func (w *writer) files() error {
	var (
		wg    sync.WaitGroup
		todo  = make(chan batch)
		stop  = make(chan struct{})
		mu    sync.Mutex
		first = -1
		err   error
	)
	fail := func(b batch, e error) {
		mu.Lock()
		defer mu.Unlock()
		if first < 0 {
			close(stop)
		}
		if first < 0 || b.first < first {
			first, err = b.first, e
		}
	}
	for range copiers() {
		wg.Go(func() {
			c := &copier{w, make([]byte, bufferSize)}
			for b := range todo {
				if e := c.copy(b); e != nil {
					fail(b, e)
				}
			}
		})
	}
	for b := range w.batches {
		select {
		case todo <- b:
			continue
		case <-stop:
		}
		break
	}
	close(todo)
	wg.Wait()
	return err
}
