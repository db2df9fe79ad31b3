package mkext4

import (
	"slices"

	"shimboot/tools/internal/ext4/ondisk"
)

// emitFunc writes one block.
type emitFunc func(block uint64, data []byte) error

const (
	extentsInInode = (ondisk.InodeBlockSize - ondisk.ExtentHeaderSize) / ondisk.ExtentEntrySize
	extentsInBlock = (blockSize - ondisk.ExtentHeaderSize) / ondisk.ExtentEntrySize
)

// treeEntry is an entry of an extent tree: in a leaf an extent, above it the
// index of the node in block start, whose n is not used.
type treeEntry struct{ logical, start, n uint64 }

// extents lays the parts of a file over the runs it was given.
func extents(segments []segment, data []run) []treeEntry {
	var out []treeEntry
	var r run
	for _, s := range segments {
		for s.n > 0 {
			if r.n == 0 {
				r, data = data[0], data[1:]
			}
			n := min(s.n, r.n, ondisk.MaxExtentLen)
			out = append(out, treeEntry{s.logical, r.start, n})
			s.logical, s.n = s.logical+n, s.n-n
			r.start, r.n = r.start+n, r.n-n
		}
	}
	return out
}

// extentTreeBlocks counts the blocks of a tree of so many extents: none where
// they fit into the inode.
func extentTreeBlocks(extents int) uint64 {
	total := 0
	for extents > extentsInInode {
		extents = ceilDiv(extents, extentsInBlock)
		total += extents
	}
	return uint64(total)
}

// writeExtents fills i_block and writes the tree's blocks, taken from maps.
func writeExtents(iblock []byte, entries []treeEntry, maps []run, emit emitFunc) error {
	depth, next := 0, uint64(0)
	for ; len(entries) > extentsInInode; depth++ {
		var up []treeEntry
		for node := range slices.Chunk(entries, extentsInBlock) {
			b := make([]byte, blockSize)
			putExtentNode(b, node, extentsInBlock, depth)
			block := nthBlock(maps, next)
			if err := emit(block, b); err != nil {
				return err
			}
			next++
			up = append(up, treeEntry{logical: node[0].logical, start: block})
		}
		entries = up
	}
	putExtentNode(iblock, entries, extentsInInode, depth)
	return nil
}

func putExtentNode(b []byte, entries []treeEntry, room, depth int) {
	h := ondisk.ExtentHeader{Entries: len(entries), Max: room, Depth: depth}
	h.Put(b)
	for k, e := range entries {
		at := b[ondisk.ExtentEntryOffset(k):]
		if depth == 0 {
			x := ondisk.Extent{Logical: e.logical, Start: e.start, Len: e.n}
			x.Put(at)
		} else {
			x := ondisk.ExtentIndex{Logical: e.logical, Child: e.start}
			x.Put(at)
		}
	}
}
