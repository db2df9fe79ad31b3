package mkext4

import "fmt"

// roomiest places the tree in so many blocks with the longest journal that
// leaves room for it; nil means that it does not fit.
func (s *InodeSet) roomiest(blocks uint64) *layout {
	g, err := newGeometry(s.opt.Kind, blocks, s.inodesWanted())
	if err != nil {
		return nil // so few blocks that there is no geometry
	}
	for _, journal := range g.journalSizes() {
		if l := s.place(g, journal); l.missing() == 0 {
			return l
		}
	}
	return nil
}

// tightest places the tree in so many blocks with the shortest journal, and
// tells how many blocks it lacks.
func (s *InodeSet) tightest(blocks uint64) (l *layout, missing uint64, err error) {
	g, err := newGeometry(s.opt.Kind, blocks, s.inodesWanted())
	if err != nil {
		if blocks >= maxBlocks {
			return nil, 0, err
		}
		return nil, 1, nil
	}
	sizes := g.journalSizes()
	l = s.place(g, sizes[len(sizes)-1])
	// A last group that is left out counts as missing: what is returned must
	// be as long as it says.
	return l, l.missing() + blocks - g.blocks, nil
}

// least places the tree in the fewest blocks. It goes up by what is missing
// each time, and then halves the last step, as a step into a new group can
// gain more than its length: the inode tables are divided anew.
func (s *InodeSet) least() (*layout, error) {
	fits, err := s.atLeast()
	if err != nil {
		return nil, err
	}
	fails := fits - 1
	for {
		_, missing, err := s.tightest(fits)
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
		_, missing, err := s.tightest(middle)
		if err != nil {
			return nil, err
		}
		if missing == 0 {
			fits = middle
		} else {
			fails = middle
		}
	}
	l, _, err := s.tightest(fits)
	return l, err
}

// atLeast counts blocks the file system certainly has.
func (s *InodeSet) atLeast() (uint64, error) {
	blocks := ceilDiv(s.inodesWanted(), inodesPerBlock)
	for k := range s.nodes {
		if s.nodes[k].ino != 0 {
			blocks += s.dataBlocks(k)
		}
	}
	blocks += uint64(s.opt.MinFree) / blockSize
	if blocks >= maxBlocks {
		return 0, fmt.Errorf("ext4: the tree needs %d blocks, want less than %d (16 TiB)", blocks, uint64(maxBlocks))
	}
	return max(blocks, 8), nil
}

// missing counts the blocks that lack for the tree and for what must be left.
func (l *layout) missing() uint64 {
	want := uint64(ceilDiv(l.opt.MinFree, blockSize))
	left := l.alloc.left()
	return l.alloc.over + want - min(want, left)
}
