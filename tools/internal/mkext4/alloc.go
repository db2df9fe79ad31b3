package mkext4

// run is blocks that lie together.
type run struct{ start, n uint64 }

// allocator hands out the content blocks of a geometry from first to last.
// What is in use is therefore known from one number, the cursor, and no bitmap
// is kept; and what was handed out is known from its first block and length.
type allocator struct {
	g    *geometry
	next uint64 // first block not handed out
	used uint64 // blocks handed out
	over uint64 // of those, how many lie behind the end
}

func newAllocator(g *geometry) *allocator { return &allocator{g: g, next: g.pastMetadata(0)} }

// take hands out n blocks and gives the first. Behind the end it goes on as if
// there were more, so that over tells what is missing.
func (a *allocator) take(n uint64) (start uint64) {
	if n == 0 {
		return 0
	}
	a.used += n
	a.next = a.g.pastMetadata(a.next)
	start = a.next
	for n > 0 {
		a.next = a.g.pastMetadata(a.next)
		if a.next >= a.g.blocks {
			a.over += n
			a.next += n
			break
		}
		k := min(n, a.g.groupEnd(a.next/blocksPerGroup)-a.next)
		a.next, n = a.next+k, n-k
	}
	return start
}

// pastMetadata gives a block itself, or the first one behind it that is not
// metadata at the start of its group.
func (g *geometry) pastMetadata(block uint64) uint64 {
	for block < g.blocks {
		group := block / blocksPerGroup
		first := g.groupStart(group) + g.overhead(group)
		if block >= first {
			break
		}
		block = first // which is the end of the group where it is all metadata
	}
	return block
}

// runs gives the n blocks that were handed out from start on.
func (g *geometry) runs(start, n uint64) []run {
	var out []run
	for at := start; n > 0; at = g.pastMetadata(at) {
		k := n
		if at < g.blocks {
			k = min(n, g.groupEnd(at/blocksPerGroup)-at)
		}
		if last := len(out) - 1; last >= 0 && out[last].start+out[last].n == at {
			out[last].n += k
		} else {
			out = append(out, run{at, k})
		}
		at, n = at+k, n-k
	}
	return out
}

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

// nthBlock gives the k'th block of runs.
func nthBlock(runs []run, k uint64) uint64 {
	for _, r := range runs {
		if k < r.n {
			return r.start + k
		}
		k -= r.n
	}
	return 0
}
