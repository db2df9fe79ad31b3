package powercut

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"shimboot/tools/internal/writelog"
)

type planner struct {
	log    *writelog.Log
	o      Options
	random *rand.Rand
	states []State
	seen   map[string]bool
}

func (p *planner) add(s State) {
	for i, k := range s.keep {
		if k.is(true) {
			s.keep[i].parts = nil
		}
	}
	if key := p.key(s); !p.seen[key] {
		p.seen[key] = true
		p.states = append(p.states, s)
	}
}

// key is the same for what makes the same disk: all that was written up to a
// flush is what there is behind it.
func (p *planner) key(s State) string {
	from := LastFlush(p.log, s.After)
	to, writes := from, 0
	for ; to < len(p.log.Entries) && p.log.Entries[to].Flags&writelog.Flush == 0; to++ {
		if p.log.Entries[to].Writes() {
			writes++
		}
	}
	torn := slices.ContainsFunc(s.keep, func(k kept) bool { return k.parts != nil })
	if len(s.keep) == writes && !torn {
		return fmt.Sprint(min(to+1, len(p.log.Entries)))
	}
	if len(s.keep) == 0 {
		return fmt.Sprint(from)
	}
	return fmt.Sprint(from, s.keep)
}

// prefixes adds the writes in their order, at n points that are as far from each
// other as they can be, or at each.
func (p *planner) prefixes(n int) {
	points := []int{0}
	for i, e := range p.log.Entries {
		if e.Writes() {
			points = append(points, i+1)
		}
	}
	n = min(n, len(points))
	for i := range n {
		at := points[i*(len(points)-1)/max(n-1, 1)]
		_, loose := since(p.log, at)
		p.add(state(p.log, at, "all", whole(loose)))
	}
}

// variants adds states with something missing until there are total. Where so
// many cannot be found it gives up. Each time between two flushes gets as many as
// any other: a short one may be what matters.
func (p *planner) variants(total int) {
	times := p.times()
	for range 20 * total {
		if len(p.states) >= total || len(times) == 0 {
			return
		}
		moments := times[p.random.IntN(len(times))]
		at := moments[p.random.IntN(len(moments))]
		_, loose := since(p.log, at)
		how, keep := p.some(loose)
		p.add(state(p.log, at, how, keep))
	}
}

// times has, for each time between two flushes, the entries behind which there is
// something to lose.
func (p *planner) times() [][]int {
	var times [][]int
	flushed := -1
	for at := 1; at <= len(p.log.Entries); at++ {
		if _, loose := since(p.log, at); len(loose) == 0 {
			continue
		}
		if last := LastFlush(p.log, at); last != flushed {
			times, flushed = append(times, nil), last
		}
		times[len(times)-1] = append(times[len(times)-1], at)
	}
	return times
}

// some chooses of writes that may be missing.
func (p *planner) some(writes []int) (how string, keep []kept) {
	i := p.random.IntN(len(writes))
	chosen := writes[i]
	switch p.random.IntN(4) {
	case 0:
		return fmt.Sprintf("entry %d alone", chosen), whole(writes[i : i+1])
	case 1:
		return fmt.Sprintf("all but entry %d", chosen), whole(slices.Delete(slices.Clone(writes), i, i+1))
	case 2:
		keep = whole(writes)
		keep[i].parts = p.tear(chosen)
		return fmt.Sprintf("all, entry %d torn", chosen), slices.DeleteFunc(keep, func(k kept) bool { return k.is(false) })
	}
	share := p.random.Float64()
	some := slices.DeleteFunc(slices.Clone(writes), func(int) bool { return p.random.Float64() > share })
	return fmt.Sprint("entries ", some), whole(some)
}

// is tells whether all parts of a write that was torn are there, or none.
func (k kept) is(there bool) bool { return k.parts != nil && !slices.Contains(k.parts, !there) }

// tear chooses the parts of a write that are there.
func (p *planner) tear(entry int) []bool {
	parts := make([]bool, (p.log.Entries[entry].Len+p.o.Tear-1)/p.o.Tear)
	for i := range parts {
		parts[i] = p.random.IntN(2) == 0
	}
	return parts
}
