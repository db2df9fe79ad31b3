package mkext4

import "shimboot/tools/internal/ext4/ondisk"

// place gives every inode its blocks: first directories and what else is small
// and looked at often, then the journal, then files in the order of the tree.
// The blocks of what was placed before do not count any more.
func (s *InodeSet) place(g *geometry, journal uint64) *layout {
	l := &layout{InodeSet: s, alloc: newAllocator(g)}
	for k := range s.nodes {
		n := &s.nodes[k]
		if n.ino == 0 {
			continue
		}
		if n.flags&nodeXAttrBlock != 0 {
			n.xattrs = uint32(l.alloc.take(1))
		}
		if !s.tree.Mode(k).IsRegular() {
			l.placeData(k)
		}
	}
	if g.reservedGDT > 0 {
		l.resize = l.alloc.take(1)
	}
	if journal > 0 {
		l.journal = span{l.alloc.take(journal), journal}
		l.journalMaps = l.alloc.take(l.mapBlocks(l.journal, whole(journal)))
	}
	for k := range s.nodes {
		if n := &s.nodes[k]; n.ino != 0 && s.tree.Mode(k).IsRegular() {
			l.placeData(k)
		}
	}
	return l
}

// layout is a set of inodes with a block for everything.
type layout struct {
	*InodeSet
	alloc       *allocator
	journal     span
	journalMaps uint64
	resize      uint64 // the double indirect block of the resize inode
}

// span is n blocks for content from start on, over all group borders.
type span struct{ start, n uint64 }

func (l *layout) runs(x span) []run { return l.alloc.g.runs(x.start, x.n) }

// placeData gives the content of an entry its blocks, and its map.
func (l *layout) placeData(k int) {
	n, blocks := &l.nodes[k], l.dataBlocks(k)
	x := span{l.alloc.take(blocks), blocks}
	n.data, n.maps = uint32(x.start), 0
	if blocks > smallFile || l.tree.Data(k) != nil {
		n.maps = uint32(l.alloc.take(l.mapBlocks(x, l.segments(k))))
	} else if l.opt.Kind == Ext2 && blocks > ondisk.DirectBlocks {
		n.maps = uint32(l.alloc.take(indirectCount(blocks)))
	}
}

// smallFile is a length in blocks of which the extents always fit into the
// inode: half a group, of which at least half is for content.
const smallFile = blocksPerGroup / 2

// data gives the blocks of an entry's content.
func (l *layout) data(k int) span { return span{uint64(l.nodes[k].data), l.dataBlocks(k)} }

// mapBlocks counts the blocks of the map of a content.
func (l *layout) mapBlocks(x span, segments []segment) uint64 {
	if l.opt.Kind == Ext2 {
		return indirectCount(x.n)
	}
	return extentTreeBlocks(len(extents(segments, l.runs(x))))
}
