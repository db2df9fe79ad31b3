package mkext4

import (
	"fmt"
	"io/fs"

	"shimboot/tools/internal/ext4/ondisk"
)

const lostFoundBlocks = 4 // as mke2fs: the checker then needs no space to save files

// measure checks an entry and finds out what it takes.
func (s *InodeSet) measure(k int) error {
	if err := s.checkEntry(k); err != nil {
		return err
	}
	n, mode, limits := &s.nodes[k], s.tree.Mode(k), s.opt.Kind.profile()
	if mode.IsDir() {
		l, err := s.dirLayout(k)
		if err != nil {
			return err
		}
		blocks, err := l.blocks()
		if err != nil {
			return err
		}
		if l.hashed {
			n.flags |= nodeHashed
		} else if k == s.lost {
			blocks = max(blocks, lostFoundBlocks)
		}
		n.dirBlocks = uint32(blocks)
	}
	if size := s.size(k); size > limits.maxFile {
		return fmt.Errorf("%d bytes, want at most %d", size, limits.maxFile)
	}
	if n.links > limits.maxLinks {
		if limits.roCompat&ondisk.ROCompatDirNlink == 0 || !mode.IsDir() {
			return fmt.Errorf("%d links, want at most %d", n.links, limits.maxLinks)
		}
		n.links = 1 // too many to count
	}
	block, err := s.needsXAttrBlock(k)
	if block {
		n.flags |= nodeXAttrBlock
	}
	return err
}

// size is an inode's i_size.
func (s *InodeSet) size(k int) int64 {
	if blocks := s.nodes[k].dirBlocks; blocks > 0 {
		return int64(blocks) * blockSize
	}
	return s.tree.Size(k)
}

// dataBlocks counts the blocks of an entry's content.
func (s *InodeSet) dataBlocks(k int) uint64 {
	size := s.size(k)
	if s.tree.Mode(k)&fs.ModeSymlink != 0 && size < ondisk.InodeBlockSize {
		return 0
	}
	if s.tree.Data(k) == nil {
		return uint64(ceilDiv(size, blockSize))
	}
	var total uint64
	for _, part := range s.segments(k) {
		total += part.n
	}
	return total
}

// segment is blocks of a file that hold data, by their number in the file.
type segment struct{ logical, n uint64 }

// segments lists the parts of a content that are not holes. The block maps of
// ext2 are written without any.
func (s *InodeSet) segments(k int) []segment {
	ranges, size := s.tree.Data(k), s.size(k)
	if ranges == nil || s.opt.Kind == Ext2 {
		return whole(uint64(ceilDiv(size, blockSize)))
	}
	var out []segment
	for _, r := range ranges {
		from, to := uint64(r.Start)/blockSize, ceilDiv(uint64(r.Start+r.Size), blockSize)
		if last := len(out) - 1; last >= 0 && from <= out[last].logical+out[last].n {
			out[last].n = max(out[last].n, to-out[last].logical)
		} else if to > from {
			out = append(out, segment{from, to - from})
		}
	}
	return out
}

// whole is a content without holes.
func whole(blocks uint64) []segment {
	if blocks == 0 {
		return nil
	}
	return []segment{{0, blocks}}
}

// inodesWanted counts the inodes in use and those to be left over.
func (s *InodeSet) inodesWanted() uint64 {
	used := uint64(s.inodes)
	if s.opt.ExtraInodes > 0 {
		return used + uint64(s.opt.ExtraInodes)
	}
	return used + used/8 + 64
}
