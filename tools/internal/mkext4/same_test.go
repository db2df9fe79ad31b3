package mkext4_test

import (
	"crypto/sha256"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"

	"shimboot/tools/internal/mkext4"
	"shimboot/tools/internal/mkext4/mkext4test"
)

// TestSameBytes demands the same bytes for the same tree, in whatever order it
// is told of and on however many processors.
func TestSameBytes(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	entries := append(mkext4test.SampleTree(t), mkext4test.BigDirTree(t, 3000, "")[1:]...)
	r := rand.New(rand.NewPCG(3, 4))
	var first [32]byte
	for round, procs := range []int{1, 2, 4} {
		runtime.GOMAXPROCS(procs)
		list := slices.Clone(entries)
		if round > 0 {
			r.Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
		}
		b, err := os.ReadFile(mkext4test.WriteImage(t, list, mkext4test.Options(mkext4.Ext4), 48<<20))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(b); round == 0 {
			first = sum
		} else if sum != first {
			t.Errorf("%d processors, another order: other bytes", procs)
		}
	}
}

// marks counts how often each block is written; copiers write side by side.
type marks struct {
	sync.Mutex
	times map[int64]int
}

func (m *marks) WriteAt(p []byte, off int64) (int, error) {
	m.Lock()
	defer m.Unlock()
	for at := range int64(len(p)) / 4096 {
		m.times[off/4096+at]++
	}
	return len(p), nil
}

// TestEveryBlockOnce: nothing is written twice, and no more than is in use.
func TestEveryBlockOnce(t *testing.T) {
	p, err := mkext4test.NewInodeSet(t, mkext4test.SampleTree(t), mkext4test.Options(mkext4.Ext4)).Plan(48 << 20)
	if err != nil {
		t.Fatal(err)
	}
	m := &marks{times: map[int64]int{}}
	if err := p.Write(m); err != nil {
		t.Fatal(err)
	}
	for block, times := range m.times {
		if times > 1 {
			t.Errorf("block %d is written %d times", block, times)
		}
	}
	if used := p.Blocks() - p.FreeBlocks(); uint64(len(m.times)) > used {
		t.Errorf("%d blocks written, %d in use", len(m.times), used)
	}
}
