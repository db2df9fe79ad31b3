// Package parallel does things to many items from a few goroutines, with the
// same error every time.
//
//	err := parallel.Each(4, slices.Values(files), func() func(string) error {
//		buf := make([]byte, 1<<17) // each goroutine's own
//		return func(file string) error { … }
//	})
package parallel

import (
	"iter"
	"sync"
)

// Each has workers goroutines do what worker gives each of them to the items.
// It gives the error of the first item that has one: items are handed out in
// their order, no more of them after an error, and what was begun is ended.
func Each[T any](workers int, items iter.Seq[T], worker func() func(T) error) error {
	type job struct {
		number int
		item   T
	}
	var wg sync.WaitGroup
	todo := make(chan job)
	end := &ending{stop: make(chan struct{})}
	for range workers {
		wg.Go(func() {
			do := worker()
			for j := range todo {
				if err := do(j.item); err != nil {
					end.fail(j.number, err)
				}
			}
		})
	}
	number := 0
	for item := range items {
		select {
		case <-end.stop:
		case todo <- job{number, item}:
			number++
		}
		if end.failed() {
			break
		}
	}
	close(todo)
	wg.Wait()
	return end.err
}

// ending is the error of the first item that has one.
type ending struct {
	stop  chan struct{} // closed by the first error of all
	mu    sync.Mutex
	first int
	err   error
}

func (e *ending) fail(number int, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.err == nil {
		close(e.stop)
	}
	if e.err == nil || number < e.first {
		e.first, e.err = number, err
	}
}

func (e *ending) failed() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.err != nil
}

// Count gives 0 to n-1, for items that have a number.
func Count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

// Both runs two things at once and gives the error of the first, or else that
// of the second.
func Both(first, second func() error) error {
	done := make(chan error)
	go func() { done <- first() }()
	err := second()
	if e := <-done; e != nil {
		return e
	}
	return err
}
