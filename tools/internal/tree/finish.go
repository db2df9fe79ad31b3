package tree

import (
	"slices"
	"strings"
)

// Finish sorts the tree, gives directories that only their entries speak of a
// time, and finds what hard links lead to.
func (p *Packed) Finish() error {
	order, err := p.sorted()
	if err != nil {
		return err
	}
	p.index, p.links = nil, nil
	p.permute(order)
	p.impliedTimes()
	return nil
}

// sorted lists what is there: a directory, then its entries by name, each
// followed by its own. It checks the hard links, while names can be looked up.
func (p *Packed) sorted() ([]int32, error) {
	order := make([]int32, 0, p.count)
	var children []int32
	for todo := []int32{root}; len(todo) > 0; {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		order = append(order, id)
		n := p.at(id)
		if n.kind == hardLink {
			if err := p.ownerOf(n, id); err != nil {
				return nil, err
			}
		}
		children = children[:0]
		for c := n.child; c != none; c = p.at(c).next {
			if p.at(c).kind != gone {
				children = append(children, c)
			}
		}
		// The last comes off first.
		slices.SortFunc(children, func(a, b int32) int { return strings.Compare(p.name(p.at(b)), p.name(p.at(a))) })
		todo = append(todo, children...)
	}
	return order, nil
}

// ownerOf finds the file that a hard link leads to.
func (p *Packed) ownerOf(n *node, id int32) error {
	target := p.text.get(n.target)
	owner := p.lookup(target)
	if owner == none || owner == root || p.at(owner).kind != there || p.at(owner).isDir() {
		return errorf("%s: hard link to %s, which is not a file of this tree", p.path(id), target)
	}
	n.source = owner
	return nil
}

// permute puts the nodes into an order, in place, and leaves out the others.
func (p *Packed) permute(order []int32) {
	kept := int32(len(order))
	for id := range p.count {
		if p.at(id).kind == gone {
			order = append(order, id)
		}
	}
	rank := make([]int32, p.count)
	for k, id := range order {
		rank[id] = int32(k)
	}
	for id := range p.count {
		n := p.at(id)
		n.parent, n.child, n.next = rank[n.parent], none, none
		if n.kind == hardLink {
			n.source = rank[n.source]
		}
	}
	p.xattrs, p.data = ranked(p.xattrs, rank), ranked(p.data, rank)
	for start := range p.count {
		// Each round of the permutation, once; rank says what is done.
		if rank[start] < 0 {
			continue
		}
		held, k := *p.at(start), start
		for from := order[k]; from != start; k, from = from, order[from] {
			*p.at(k) = *p.at(from)
			rank[k] = none
		}
		*p.at(k) = held
		rank[k] = none
	}
	p.count = kept
	for k := p.count - 1; k > root; k-- {
		parent := p.at(p.at(k).parent)
		p.at(k).next, parent.child = parent.child, k
	}
}

func ranked[V any](m map[int32]V, rank []int32) map[int32]V {
	out := make(map[int32]V, len(m))
	for id, v := range m {
		out[rank[id]] = v
	}
	return out
}

// impliedTimes gives the directories without an entry of their own the time of
// what comes first in them.
func (p *Packed) impliedTimes() {
	for k := p.count - 1; k >= root; k-- {
		n := p.at(k)
		if n.kind != implied {
			continue
		}
		n.kind, n.nsec = there, noTime
		if n.child != none {
			n.sec, n.nsec = p.at(n.child).sec, p.at(n.child).nsec
		}
	}
}
