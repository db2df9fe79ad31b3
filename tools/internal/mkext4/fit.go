package ext4

import "fmt"

// roomiest places the tree in so many blocks with the longest journal that
// leaves room for it; nil means that it does not fit.
func (c *Content) roomiest(blocks uint64) *placed {
	g, err := newGeometry(c.opt.Kind, blocks, c.inodesWanted())
	if err != nil {
		return nil // so few blocks that there is no geometry
	}
	for _, journal := range g.journalSizes() {
		if p := c.place(g, journal); p.missing() == 0 {
			return p
		}
	}
	return nil
}

// tightest places the tree in so many blocks with the shortest journal, and
// tells how many blocks it lacks.
func (c *Content) tightest(blocks uint64) (p *placed, missing uint64, err error) {
	g, err := newGeometry(c.opt.Kind, blocks, c.inodesWanted())
	if err != nil {
		if blocks >= maxBlocks {
			return nil, 0, err
		}
		return nil, 1, nil
	}
	sizes := g.journalSizes()
	p = c.place(g, sizes[len(sizes)-1])
	// A last group that is left out counts as missing: what is returned must
	// be as long as it says.
	return p, p.missing() + blocks - g.blocks, nil
}

// least places the tree in the fewest blocks. It goes up by what is missing
// each time, and then halves the last step, as a step into a new group can
// gain more than its length: the inode tables are divided anew.
func (c *Content) least() (*placed, error) {
	fits, err := c.atLeast()
	if err != nil {
		return nil, err
	}
	fails := fits - 1
	for {
		_, missing, err := c.tightest(fits)
		if err != nil {
			return nil, err
		}
		if missing == 0 {
			break
		}
		fails, fits = fits, fits+missing
	}
	for fits-fails > 1 {
		middle := fails + (fits-fails)/2
		_, missing, err := c.tightest(middle)
		if err != nil {
			return nil, err
		}
		if missing == 0 {
			fits = middle
		} else {
			fails = middle
		}
	}
	p, _, err := c.tightest(fits)
	return p, err
}

// atLeast counts blocks the file system certainly has.
func (c *Content) atLeast() (uint64, error) {
	blocks := ceilDiv(c.inodesWanted(), inodesPerBlock)
	for k := range c.nodes {
		if c.nodes[k].ino != 0 {
			blocks += c.dataBlocks(k)
		}
	}
	blocks += uint64(c.opt.MinFree) / blockSize
	if blocks >= maxBlocks {
		return 0, fmt.Errorf("ext4: the tree needs %d blocks, want less than %d (16 TiB)", blocks, uint64(maxBlocks))
	}
	return max(blocks, 8), nil
}

// missing counts the blocks that lack for the tree and for what must be left.
func (p *placed) missing() uint64 {
	want := uint64(ceilDiv(p.opt.MinFree, blockSize))
	left := p.alloc.left()
	return p.alloc.over + want - min(want, left)
}
