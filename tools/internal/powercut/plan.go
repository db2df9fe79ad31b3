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
	key := fmt.Sprint(LastFlush(p.log, s.After), s.keep)
	if !p.seen[key] {
		p.seen[key] = true
		p.states = append(p.states, s)
	}
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
// many cannot be found it gives up.
func (p *planner) variants(total int) {
	if len(p.log.Entries) == 0 {
		return
	}
	for range 20 * total {
		if len(p.states) >= total {
			return
		}
		at := 1 + p.random.IntN(len(p.log.Entries))
		if _, loose := since(p.log, at); len(loose) > 0 {
			how, keep := p.some(loose)
			p.add(state(p.log, at, how, keep))
		}
	}
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
		return fmt.Sprintf("all, entry %d torn", chosen), keep
	}
	share := p.random.Float64()
	some := slices.DeleteFunc(slices.Clone(writes), func(int) bool { return p.random.Float64() > share })
	return fmt.Sprint("entries ", some), whole(some)
}

// tear chooses the parts of a write that are there.
func (p *planner) tear(entry int) []bool {
	parts := make([]bool, (p.log.Entries[entry].Len+p.o.Tear-1)/p.o.Tear)
	for i := range parts {
		parts[i] = p.random.IntN(2) == 0
	}
	return parts
}
