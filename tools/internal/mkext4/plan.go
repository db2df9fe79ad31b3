package mkext4

import "fmt"

// Plan is a file system that is computed and not yet written: every file has
// its inode and its blocks. It refers to its InodeSet, and only the last Plan
// that was made of one can be written.
type Plan struct {
	layout *layout
}

// Plan places the tree in a file system of size bytes, a multiple of 4096.
// Where it does not fit it gives a *SpaceError. The file system may end up to
// one group's overhead (about 3 MiB) before the size, where a last group would
// have no room for content; see Plan.Size.
//
// Contents of files are not opened. Holes that the tree knows of stay holes;
// ext2 gets blocks of zeros in place of them.
func (s *InodeSet) Plan(size int64) (*Plan, error) {
	if size <= 0 || size%blockSize != 0 {
		return nil, fmt.Errorf("ext4: size of %d bytes, want a multiple of %d", size, blockSize)
	}
	l, err := s.fit(uint64(size) / blockSize)
	if err != nil {
		return nil, err
	}
	blocks := l.alloc.g.blocks
	if n := s.opt.Reserved.of(blocks); n > blocks*maxReserve/100 {
		return nil, fmt.Errorf("ext4: %d of %d blocks reserved, want at most %d%%", n, blocks, maxReserve)
	}
	return &Plan{l}, nil
}

// fit places the tree in at most so many blocks.
func (s *InodeSet) fit(blocks uint64) (*layout, error) {
	if l := s.roomiest(blocks); l != nil {
		return l, nil
	}
	// Some sizes hold less than slightly smaller ones, because all inode
	// tables grow by a block at once: then the smaller one is made.
	l, err := s.least()
	if err != nil {
		return nil, err
	}
	if least := l.alloc.g.blocks; least > blocks {
		return nil, &SpaceError{Need: int64(least) * blockSize, Have: int64(blocks) * blockSize}
	}
	return l, nil
}

// Least gives the least size in bytes that Plan takes, with metadata and what
// the options want to be left over: one block less does not do. With just this
// size an ext4 journal is as small as it can be, 4 MiB; with more room it is as
// long as mke2fs makes it.
func (s *InodeSet) Least() (int64, error) {
	l, err := s.least()
	if err != nil {
		return 0, err
	}
	return int64(l.alloc.g.blocks) * blockSize, nil
}

// Bytes sums up the contents of all files, each inode once.
func (s *InodeSet) Bytes() int64 {
	var total int64
	for k := range s.nodes {
		if s.nodes[k].ino != 0 && s.tree.Mode(k).IsRegular() {
			total += s.tree.Size(k)
		}
	}
	return total
}

// FreeBlocks counts the blocks left over.
func (p *Plan) FreeBlocks() uint64 { return p.layout.alloc.left() }
