package ext4

// run is blocks that lie together.
type run struct{ start, n uint64 }

// span names runs of an allocator by position, in 8 bytes.
type span struct{ at, n uint32 }

// allocator hands out the content blocks of a geometry from first to last.
// What is in use is therefore known from one number, the cursor, and no
// bitmap is kept.
type allocator struct {
	g    *geometry
	next uint64 // first block not handed out
	runs []run
	used uint64 // blocks handed out
	over uint64 // of those, how many lie behind the end
}

func newAllocator(g *geometry) *allocator { return &allocator{g: g, next: g.overhead(0)} }

// take hands out n blocks. Behind the end it goes on as if there were more, so
// that over tells what is missing.
func (a *allocator) take(n uint64) span {
	s := span{at: uint32(len(a.runs))}
	a.used += n
	for n > 0 {
		if a.next < a.g.blocks && a.next%blocksPerGroup == 0 {
			a.next += a.g.overhead(a.next / blocksPerGroup)
		}
		k := n
		if a.next < a.g.blocks {
			k = min(n, a.g.groupEnd(a.next/blocksPerGroup)-a.next)
		} else {
			a.over += n
		}
		if last := len(a.runs) - 1; s.n > 0 && a.runs[last].start+a.runs[last].n == a.next {
			a.runs[last].n += k
		} else {
			a.runs = append(a.runs, run{a.next, k})
			s.n++
		}
		a.next, n = a.next+k, n-k
	}
	return s
}

// of gives the runs a span names.
func (a *allocator) of(s span) []run { return a.runs[s.at : s.at+s.n] }

// left counts the content blocks not handed out.
func (a *allocator) left() uint64 {
	var total uint64
	for n := range a.g.groups {
		total += a.freeIn(n)
	}
	return total
}

// firstFree is the first block of group n that is neither metadata nor handed
// out; all behind it are free as well.
func (a *allocator) firstFree(n uint64) uint64 {
	start, end := a.g.groupStart(n), a.g.groupEnd(n)
	return min(max(start+a.g.overhead(n), a.next), end)
}

func (a *allocator) freeIn(n uint64) uint64 { return a.g.groupEnd(n) - a.firstFree(n) }

// block gives the k'th block of runs.
func nthBlock(runs []run, k uint64) uint64 {
	for _, r := range runs {
		if k < r.n {
			return r.start + k
		}
		k -= r.n
	}
	return 0
}
