package ext4

import (
	"io/fs"
	"slices"
	"strings"
)

// Limits of a kind of file system.
const (
	maxLinksExt4    = 65000
	maxLinksExt2    = 32000
	lostFoundBlocks = 4 // as mke2fs: the checker then needs no space to save files
	maxExt4File     = (1<<32 - 1) * blockSize
	maxExt2File     = 1 << 40 // below what 32 bits of i_blocks and three levels of map reach
)

// measure sorts directories, finds out how long they are, and checks links
// and sizes.
func (f *forest) measure() error {
	maxLinks, maxFile := uint32(maxLinksExt4), int64(maxExt4File)
	if f.opt.Kind == Ext2 {
		maxLinks, maxFile = maxLinksExt2, maxExt2File
	}
	for k := range f.nodes {
		n := &f.nodes[k]
		if n.e.Mode.IsDir() {
			blocks, err := f.measureDir(n, k == 1)
			if err != nil {
				return err
			}
			n.size = int64(blocks) * blockSize
		}
		if n.size > maxFile {
			return treeErrorf(n.e.Path, "%d bytes, want at most %d", n.size, maxFile)
		}
		if n.links > maxLinks {
			if f.opt.Kind == Ext2 || !n.e.Mode.IsDir() {
				return treeErrorf(n.e.Path, "%d links, want at most %d", n.links, maxLinks)
			}
			n.links = 1 // dir_nlink: too many to count
		}
	}
	return nil
}

// measureDir sorts the names of a directory and counts its blocks.
func (f *forest) measureDir(n *node, isLostFound bool) (int, error) {
	slices.SortFunc(n.children, func(a, b child) int { return strings.Compare(a.name, b.name) })
	for k := 1; k < len(n.children); k++ {
		if name := n.children[k].name; name == n.children[k-1].name {
			return 0, treeErrorf(n.e.Path, "the name %q is there twice", name)
		}
	}
	blocks, err := f.dirLayout(n).blocks()
	if err != nil {
		return 0, &TreeError{n.e.Path, err}
	}
	if isLostFound && blocks < lostFoundBlocks && !f.dirLayout(n).hashed {
		blocks = lostFoundBlocks
	}
	return blocks, nil
}

// dataBlocks counts the blocks of a node's content.
func (n *node) dataBlocks() uint64 {
	switch {
	case n.e.Mode&fs.ModeSymlink != 0 && n.size < iblockSize:
		return 0
	case n.e.Mode.IsRegular(), n.e.Mode.IsDir(), n.e.Mode&fs.ModeSymlink != 0:
		return uint64(ceilDiv(n.size, blockSize))
	}
	return 0
}

// inodesWanted counts the inodes in use and those to be left over.
func (f *forest) inodesWanted() uint64 {
	used := f.inodesUsed()
	if f.opt.ExtraInodes > 0 {
		return used + uint64(f.opt.ExtraInodes)
	}
	return used + used/8 + 64
}

func (f *forest) inodesUsed() uint64 { return uint64(len(f.nodes)) + oldFirstInode - 2 }
