package ext4

// place gives every node its blocks: first directories and what else is small
// and looked at often, then the journal, then files in the order of the tree.
func (f *forest) place(g *geometry, journal uint64) (*placed, error) {
	p := &placed{forest: f, alloc: newAllocator(g)}
	for k := range f.nodes {
		n := &f.nodes[k]
		n.xattrs = span{}
		block, err := f.needsXAttrBlock(n)
		if err != nil {
			return nil, err
		}
		if block {
			n.xattrs = p.alloc.take(1)
		}
		if !n.e.Mode.IsRegular() {
			p.content(n)
		}
	}
	if g.reservedGDT > 0 {
		p.resize = p.alloc.take(1)
	}
	if journal > 0 {
		p.journal.size = int64(journal) * blockSize
		p.journal.data = p.alloc.take(journal)
		p.journal.maps = p.alloc.take(p.mapBlocks(p.journal.data, journal))
	}
	for k := range f.nodes {
		if n := &f.nodes[k]; n.e.Mode.IsRegular() {
			p.content(n)
		}
	}
	return p, nil
}

// placed is a forest with a block for everything.
type placed struct {
	*forest
	alloc   *allocator
	journal node // without entry
	resize  span // the double indirect block of the resize inode
}

func (p *placed) content(n *node) {
	blocks := n.dataBlocks()
	n.data, n.maps = p.alloc.take(blocks), span{}
	n.maps = p.alloc.take(p.mapBlocks(n.data, blocks))
}

// mapBlocks counts the blocks of the map of a content in so many blocks.
func (p *placed) mapBlocks(data span, blocks uint64) uint64 {
	if p.opt.Kind == Ext2 {
		return indirectCount(blocks)
	}
	return extentTreeBlocks(countExtents(p.alloc.of(data)))
}
