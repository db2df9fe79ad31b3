package tree

import (
	"io"
	"io/fs"
	"iter"
	"strings"
)

// path joins the names from the root on.
func (p *Packed) path(id int32) string {
	if id == root {
		return "."
	}
	length := -1
	for k := id; k != root; k = p.at(k).parent {
		length += 1 + int(p.at(k).name.n)
	}
	b := make([]byte, length)
	for k := id; ; k = p.at(k).parent {
		length -= copy(b[length-int(p.at(k).name.n):], p.name(p.at(k)))
		if length == 0 {
			return string(b)
		}
		length--
		b[length] = '/'
	}
}

// Tree gives all entries.
func (p *Packed) Tree() Tree {
	t := make(Tree, p.Len())
	for k := range t {
		t[k] = p.Entry(k)
	}
	return t
}

// Entry gives entry k.
func (p *Packed) Entry(k int) *Entry {
	id := int32(k)
	n := p.at(id)
	e := &Entry{
		Path: p.path(id), Mode: n.mode, UID: n.uid, GID: n.gid, ModTime: unpackTime(n.sec, n.nsec),
		XAttrs: p.xattrs[id], Data: p.data[id],
	}
	switch {
	case n.kind == hardLink:
		e.Link = p.path(n.source)
	case n.mode&fs.ModeDevice != 0:
		e.Major, e.Minor = uint32(n.size>>32), uint32(n.size)
	case n.mode&fs.ModeSymlink != 0:
		e.Target = p.text.get(n.target)
	case n.mode.IsRegular():
		e.Size = n.size
		if n.source != none {
			e.Open = func() (io.ReadCloser, error) { return p.sources[n.source].Open(e.Path, n.pos, n.size) }
		}
	}
	return e
}

// Name is the last part of entry k's path.
func (p *Packed) Name(k int) string { return p.name(p.at(int32(k))) }

// Mode of entry k; a hard link's is that of what it leads to.
func (p *Packed) Mode(k int) fs.FileMode { return p.at(p.owner(k)).mode }

// Size is the length of entry k's content or target.
func (p *Packed) Size(k int) int64 {
	switch n := p.at(int32(k)); {
	case n.kind == hardLink:
		return 0
	case n.mode.IsRegular():
		return n.size
	default:
		return int64(n.target.n)
	}
}

// Data lists where in file k there is data, as Entry.Data.
func (p *Packed) Data(k int) []Range { return p.data[int32(k)] }

// XAttrs of entry k, by full name.
func (p *Packed) XAttrs(k int) map[string][]byte { return p.xattrs[int32(k)] }

// Parent is the directory that entry k is in; the root's is itself.
func (p *Packed) Parent(k int) int { return int(p.at(int32(k)).parent) }

// Owner is the entry that hard link k leads to, and k for any other.
func (p *Packed) Owner(k int) int { return int(p.owner(k)) }

func (p *Packed) owner(k int) int32 {
	if n := p.at(int32(k)); n.kind == hardLink {
		return n.source
	}
	return int32(k)
}

// Children lists the entries of directory k by name.
func (p *Packed) Children(k int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for c := p.at(int32(k)).child; c != none && yield(int(c)); {
			c = p.at(c).next
		}
	}
}

// Lookup gives the mode of the entry of a path; not after Finish.
func (p *Packed) Lookup(path string) (mode fs.FileMode, ok bool) {
	id := int32(root)
	for rest, name := path, ""; rest != "" && id != none; {
		name, rest, _ = strings.Cut(rest, "/")
		id, _ = p.find(id, name)
	}
	if id == none || p.at(id).kind == gone {
		return 0, false
	}
	return p.at(id).mode, true
}
