package tree

import (
	"hash/maphash"
	"io/fs"
	"path"
	"strings"
	"time"
)

// Packed is a tree of very many entries: a million take about 100 MB less than
// half of what they would as a Tree. Entries are laid over each other as they
// are added, a later one winning as in Merge; Finish sorts them:
//
//	p := tree.NewPacked()
//	err := p.Add(&tree.Entry{Path: "etc/hostname", Mode: 0o644, Open: …})
//	err = p.Finish()
//	for k := range p.Len() { e := p.Entry(k); … }
//
// Entry 0 is the root. After Finish nothing can be added.
type Packed struct {
	nodes   [][]node // in chunks, so that growing copies nothing
	count   int32
	text    texts
	sources []Source
	xattrs  map[int32]map[string][]byte
	data    map[int32][]Range
	links   map[string][]int32 // hard links by what they lead to
	extras  int64              // bytes of xattrs and data

	seed    maphash.Seed
	index   map[uint64]int32 // nodes by parent and name, until Finish
	lastDir string           // where the entry before went, and its node
	lastID  int32
}

const (
	chunk = 4096
	none  = -1
	root  = 0
)

// node is an Entry without pointers, in 72 bytes.
type node struct {
	sec, size, pos      int64 // size of a device: both numbers; pos: in the source
	parent, child, next int32 // first child, next sibling; none where there is none
	source              int32 // of the content, or none; of a hard link, its owner
	name, target        ref   // target of a symlink; of a hard link, its owner's path
	mode                fs.FileMode
	uid, gid, nsec      uint32
	kind                kind
}

type kind uint8

const (
	gone    kind = iota // replaced or removed
	implied             // a directory that only its entries speak of
	there
	hardLink
)

// NewPacked makes an empty tree.
func NewPacked() *Packed {
	p := &Packed{
		xattrs: map[int32]map[string][]byte{}, data: map[int32][]Range{}, links: map[string][]int32{},
		seed: maphash.MakeSeed(), index: map[uint64]int32{},
	}
	p.grow(node{parent: root, child: none, next: none, mode: fs.ModeDir | 0o755, kind: implied})
	p.lastDir = "."
	return p
}

// Len counts the entries. Before Finish it is not defined.
func (p *Packed) Len() int { return int(p.count) }

func (p *Packed) at(id int32) *node { return &p.nodes[id/chunk][id%chunk] }

func (p *Packed) grow(n node) int32 {
	if p.count%chunk == 0 {
		p.nodes = append(p.nodes, make([]node, 0, chunk))
	}
	last := &p.nodes[len(p.nodes)-1]
	*last = append(*last, n)
	p.count++
	return p.count - 1
}

func (p *Packed) name(n *node) string { return p.text.get(n.name) }

// find looks a name up; slot is where it is or would go in the index.
func (p *Packed) find(parent int32, name string) (id int32, slot uint64) {
	type key struct {
		parent int32
		name   string
	}
	slot = maphash.Comparable(p.seed, key{parent, name})
	for {
		id, ok := p.index[slot]
		if !ok {
			return none, slot
		}
		if n := p.at(id); n.parent == parent && p.name(n) == name {
			return id, slot
		}
		slot++
	}
}

// place gives the node of a name, new or used again.
func (p *Packed) place(parent int32, name string) int32 {
	id, slot := p.find(parent, name)
	if id == none {
		id = p.grow(node{parent: parent, child: none, next: p.at(parent).child, name: p.text.put(name)})
		p.at(parent).child = id
		p.index[slot] = id
	}
	return id
}

// dir gives the node of a directory, which is made where it is missing.
func (p *Packed) dir(dir, of string) (int32, error) {
	if dir == p.lastDir {
		return p.lastID, nil
	}
	id, at := int32(root), dir
	if dir != "." {
		for len(at) > 0 {
			name, rest, _ := strings.Cut(at, "/")
			id, at = p.place(id, name), rest
			n := p.at(id)
			if n.kind == gone {
				*n = node{parent: n.parent, child: n.child, next: n.next, name: n.name, mode: fs.ModeDir | 0o755, kind: implied}
			}
			if !n.isDir() {
				return 0, errorf("%s: its parent %s is a %v, want a directory", of, p.path(id), n.mode.Type())
			}
		}
	}
	p.lastDir, p.lastID = dir, id
	return id, nil
}

// Add lays an entry over those that are there. It keeps nothing of e but its
// Open.
func (p *Packed) Add(e *Entry) error {
	if e.Open == nil {
		return p.AddFrom(e, nil, 0)
	}
	return p.AddFrom(e, &opener{e.Open}, 0)
}

// AddAll adds entries one after the other.
func (p *Packed) AddAll(entries []*Entry) error {
	for _, e := range entries {
		if err := p.Add(e); err != nil {
			return err
		}
	}
	return nil
}

// AddFrom is Add for a file whose content is at a position of a source that it
// shares with others; e.Open does not count.
func (p *Packed) AddFrom(e *Entry, s Source, pos int64) error {
	if err := check(e, s != nil); err != nil {
		return err
	}
	if err := p.checkRoom(e); err != nil {
		return err
	}
	id := int32(root)
	if e.Path != "." {
		parent, err := p.dir(path.Dir(e.Path), e.Path)
		if err != nil {
			return err
		}
		id = p.place(parent, path.Base(e.Path))
	}
	switch n := p.at(id); {
	case n.kind == gone:
	case e.Bare && n.isDir() && n.kind == there:
		return nil
	case n.mode.Type() == fs.ModeSymlink && n.kind != hardLink && e.Mode.IsDir():
		// It would hide what the link leads to, which no overlay means.
		return errorf("%s: a directory would replace the symlink to %s; put its files there", e.Path, p.text.get(n.target))
	case n.kind == implied && !e.Mode.IsDir():
		return errorf("%s: a %v with files below it", e.Path, e.Mode.Type())
	case n.isDir() && e.Mode.IsDir() && !e.IsHardlink():
	default:
		p.remove(id)
	}
	p.set(id, e, s, pos)
	return nil
}

func (n *node) isDir() bool { return n.mode.IsDir() && n.kind != hardLink && n.kind != gone }

func (p *Packed) set(id int32, e *Entry, s Source, pos int64) {
	n := p.at(id)
	n.mode, n.uid, n.gid, n.kind = e.Mode, e.UID, e.GID, there
	n.sec, n.nsec = packTime(e.ModTime)
	n.size, n.pos, n.source, n.target = e.Size, pos, none, ref{}
	delete(p.xattrs, id)
	delete(p.data, id)
	switch {
	case e.IsHardlink():
		n.kind, n.target, n.size = hardLink, p.text.put(e.Link), 0
		to := p.text.get(n.target) // not e.Link: one of the texts, not another
		p.links[to] = append(p.links[to], id)
		return
	case e.Mode&fs.ModeDevice != 0:
		n.size = int64(e.Major)<<32 | int64(e.Minor)
	case e.Mode&fs.ModeSymlink != 0:
		n.target = p.text.put(e.Target)
	case s != nil:
		n.source = p.sourceID(s)
		if e.Data != nil {
			p.data[id] = e.Data
		}
	}
	if len(e.XAttrs) > 0 {
		p.xattrs[id] = e.XAttrs
	}
}

func (p *Packed) sourceID(s Source) int32 {
	last := len(p.sources) - 1
	if last < 0 || p.sources[last] != s {
		p.sources = append(p.sources, s)
		last++
	}
	return int32(last)
}

// noTime stands for the zero time.Time, which is far out of what can be.
const noTime = 1<<32 - 1

func packTime(t time.Time) (sec int64, nsec uint32) {
	if t.IsZero() {
		return 0, noTime
	}
	return t.Unix(), uint32(t.Nanosecond())
}

func unpackTime(sec int64, nsec uint32) time.Time {
	if nsec == noTime {
		return time.Time{}
	}
	return time.Unix(sec, int64(nsec)).UTC()
}
