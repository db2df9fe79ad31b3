package parallel_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"shimboot/tools/internal/parallel"
)

func TestEachItemOnce(t *testing.T) {
	done := make([]int32, 1000)
	var workers atomic.Int32
	err := parallel.Each(4, parallel.Count(len(done)), func() func(int) error {
		workers.Add(1)
		return func(i int) error { atomic.AddInt32(&done[i], 1); return nil }
	})
	for i, n := range done {
		if n != 1 {
			t.Errorf("item %d: %d times", i, n)
		}
	}
	if err != nil || workers.Load() != 4 {
		t.Errorf("%v, %d workers", err, workers.Load())
	}
}

// Two fail, the later one before the earlier, which is under way.
func TestTheFirstItemsErrorCounts(t *testing.T) {
	failed := make(chan struct{})
	err := parallel.Each(2, parallel.Count(100), func() func(int) error {
		return func(i int) error {
			switch i {
			case 0:
				<-failed
				return errors.New("first")
			case 1:
				defer close(failed)
				return errors.New("second")
			}
			return fmt.Errorf("item %d was begun", i)
		}
	})
	if err == nil || err.Error() != "first" {
		t.Errorf("%v, want that of the first", err)
	}
}

func TestNothingIsBegunAfterAnError(t *testing.T) {
	var mu sync.Mutex
	begun := 0
	err := parallel.Each(1, parallel.Count(100), func() func(int) error {
		return func(int) error {
			mu.Lock()
			defer mu.Unlock()
			begun++
			return errors.New("bad")
		}
	})
	// One more may be handed out before the first has failed.
	if err == nil || begun > 2 {
		t.Errorf("%v, %d items", err, begun)
	}
}

func TestBoth(t *testing.T) {
	one, two := errors.New("one"), errors.New("two")
	fails := func(err error) func() error { return func() error { return err } }
	for _, c := range []struct{ first, second, want error }{{nil, nil, nil}, {one, two, one}, {nil, two, two}, {one, nil, one}} {
		if got := parallel.Both(fails(c.first), fails(c.second)); got != c.want {
			t.Errorf("%v and %v: %v, want %v", c.first, c.second, got, c.want)
		}
	}
}
