package tree

import (
	"cmp"
	"slices"
	"strings"
)

// Remove takes path and all that is below it out, and tells how many entries
// that were. A file with names left keeps its content at the first. Before
// Finish.
func (p *Packed) Remove(path string) int {
	id := p.lookup(path)
	if id == none || id == root {
		return 0
	}
	entries := p.remove(id)
	// Directories that only what is gone spoke of go with it.
	for dir := p.at(id).parent; dir != root && p.at(dir).kind == implied && p.empty(dir); dir = p.at(dir).parent {
		p.at(dir).kind = gone
	}
	return entries
}

// lookup finds a path, whatever its kind is by now.
func (p *Packed) lookup(path string) int32 {
	id := int32(root)
	for rest, name := path, ""; len(rest) > 0 && id != none; {
		name, rest, _ = strings.Cut(rest, "/")
		id, _ = p.find(id, name)
	}
	return id
}

func (p *Packed) empty(dir int32) bool {
	for c := p.at(dir).child; c != none; c = p.at(c).next {
		if p.at(c).kind != gone {
			return false
		}
	}
	return true
}

// remove does that for a node.
func (p *Packed) remove(id int32) (entries int) {
	var dead []int32
	for todo := []int32{id}; len(todo) > 0; {
		k := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		n := p.at(k)
		if n.kind == gone {
			continue
		}
		if n.kind != implied {
			entries++
		}
		n.kind = gone
		dead = append(dead, k)
		for c := n.child; c != none; c = p.at(c).next {
			todo = append(todo, c)
		}
	}
	p.lastDir = ""
	if len(p.links) > 0 {
		for _, k := range dead {
			p.bequeath(k)
		}
	}
	return entries
}

// bequeath makes the first name that is left of a file its owner.
func (p *Packed) bequeath(id int32) {
	path := p.path(id)
	names := slices.DeleteFunc(p.links[path], func(k int32) bool {
		n := p.at(k)
		return n.kind != hardLink || p.text.get(n.target) != path
	})
	delete(p.links, path)
	if len(names) == 0 {
		return
	}
	slices.SortFunc(names, func(a, b int32) int { return cmp.Compare(p.path(a), p.path(b)) })
	heir, first := p.at(names[0]), p.at(id)
	parent, child, next, name := heir.parent, heir.child, heir.next, heir.name
	*heir = *first
	heir.parent, heir.child, heir.next, heir.name, heir.kind = parent, child, next, name, there
	move(p.xattrs, id, names[0])
	move(p.data, id, names[0])
	if heir.source >= 0 {
		// The source knows it by the path it had.
		heir.source = p.sourceID(&renamed{p.sources[heir.source], path})
	}
	owner := p.path(names[0])
	for _, k := range names[1:] {
		p.at(k).target = p.text.put(owner)
		p.links[owner] = append(p.links[owner], k)
	}
}

func move[V any](m map[int32]V, from, to int32) {
	if v, ok := m[from]; ok {
		m[to] = v
		delete(m, from)
	}
}
