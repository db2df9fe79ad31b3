package ext4

import "fmt"

// roomiest places the tree in so many blocks with the longest journal that
// leaves room for it; nil means that it does not fit.
func (f *forest) roomiest(blocks uint64) (*placed, error) {
	g, err := newGeometry(f.opt.Kind, blocks, f.inodesWanted())
	if err != nil {
		return nil, nil // so few blocks that there is no geometry
	}
	for _, journal := range g.journalSizes() {
		p, err := f.place(g, journal)
		if err != nil {
			return nil, err
		}
		if p.missing() == 0 {
			return p, nil
		}
	}
	return nil, nil
}

// tightest places the tree in so many blocks with the shortest journal, and
// tells how many blocks it lacks.
func (f *forest) tightest(blocks uint64) (p *placed, missing uint64, err error) {
	g, err := newGeometry(f.opt.Kind, blocks, f.inodesWanted())
	if err != nil {
		if blocks >= maxBlocks {
			return nil, 0, err
		}
		return nil, 1, nil
	}
	sizes := g.journalSizes()
	p, err = f.place(g, sizes[len(sizes)-1])
	if err != nil {
		return nil, 0, err
	}
	// A last group that is left out counts as missing: what is returned must
	// be as long as it says.
	return p, p.missing() + blocks - g.blocks, nil
}

// least places the tree in the fewest blocks. It goes up by what is missing
// each time, and then halves the last step, as a step into a new group can
// gain more than its length: the inode tables are divided anew.
func (f *forest) least() (*placed, error) {
	fits, err := f.atLeast()
	if err != nil {
		return nil, err
	}
	fails := fits - 1
	for {
		_, missing, err := f.tightest(fits)
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
		_, missing, err := f.tightest(middle)
		if err != nil {
			return nil, err
		}
		if missing == 0 {
			fits = middle
		} else {
			fails = middle
		}
	}
	p, _, err := f.tightest(fits)
	return p, err
}

// atLeast counts blocks the file system certainly has.
func (f *forest) atLeast() (uint64, error) {
	blocks := ceilDiv(f.inodesWanted(), inodesPerBlock)
	for k := range f.nodes {
		blocks += f.nodes[k].dataBlocks()
	}
	blocks += uint64(f.opt.MinFree) / blockSize
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
