package ext4

// place gives every inode its blocks: first directories and what else is small
// and looked at often, then the journal, then files in the order of the tree.
// The blocks of what was placed before do not count any more.
func (c *Content) place(g *geometry, journal uint64) *placed {
	p := &placed{Content: c, alloc: newAllocator(g)}
	for k := range c.nodes {
		n := &c.nodes[k]
		if n.ino == 0 {
			continue
		}
		if n.flags&nodeXAttrBlock != 0 {
			n.xattrs = uint32(p.alloc.take(1))
		}
		if !c.tree.Mode(k).IsRegular() {
			p.content(k)
		}
	}
	if g.reservedGDT > 0 {
		p.resize = p.alloc.take(1)
	}
	if journal > 0 {
		p.journal = extent{p.alloc.take(journal), journal}
		p.journalMaps = p.alloc.take(p.mapBlocks(p.journal, whole(journal)))
	}
	for k := range c.nodes {
		if n := &c.nodes[k]; n.ino != 0 && c.tree.Mode(k).IsRegular() {
			p.content(k)
		}
	}
	return p
}

// placed is a content with a block for everything.
type placed struct {
	*Content
	alloc       *allocator
	journal     extent
	journalMaps uint64
	resize      uint64 // the double indirect block of the resize inode
}

// extent is n content blocks from start on, over all group borders.
type extent struct{ start, n uint64 }

func (p *placed) runs(x extent) []run { return p.alloc.g.runs(x.start, x.n) }

func (p *placed) content(k int) {
	n, blocks := &p.nodes[k], p.dataBlocks(k)
	x := extent{p.alloc.take(blocks), blocks}
	n.data, n.maps = uint32(x.start), 0
	if blocks > smallFile || p.tree.Data(k) != nil {
		n.maps = uint32(p.alloc.take(p.mapBlocks(x, p.segments(k))))
	} else if p.opt.Kind == Ext2 && blocks > directBlocks {
		n.maps = uint32(p.alloc.take(indirectCount(blocks)))
	}
}

// smallFile is a length in blocks of which the extents always fit into the
// inode: half a group, of which at least half is for content.
const smallFile = blocksPerGroup / 2

// data gives the blocks of an entry's content.
func (p *placed) data(k int) extent { return extent{uint64(p.nodes[k].data), p.dataBlocks(k)} }

// mapBlocks counts the blocks of the map of a content.
func (p *placed) mapBlocks(x extent, segments []segment) uint64 {
	if p.opt.Kind == Ext2 {
		return indirectCount(x.n)
	}
	return extentTreeBlocks(len(extents(segments, p.runs(x))))
}
