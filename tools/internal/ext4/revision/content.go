package revision

import (
	"encoding/binary"

	"shimboot/tools/internal/ext4/ondisk"
)

// replace gives an inode another content, in blocks of its own, and makes those
// of the one before free.
func (v *volume) replace(i *inode, content []byte) error {
	if err := v.releaseContent(i); err != nil {
		return err
	}
	m := &blockMap{v: v, rest: content}
	i.Block = [ondisk.InodeBlockSize]byte{}
	for k := range ondisk.DirectBlocks + ondisk.IndirectLevels {
		n, err := m.next(max(0, k-ondisk.DirectBlocks+1))
		if err != nil {
			return err
		}
		putPointer(i.Block[:], k, n)
	}
	i.Size = uint64(len(content))
	if i.FileACL != 0 {
		m.blocks++
	}
	i.Sectors = m.blocks * v.bs / ondisk.SectorSize
	// A block map will do, with extents too, and a plain list of names.
	i.Flags &^= ondisk.FlagExtents | ondisk.FlagIndex | ondisk.FlagHugeFile
	return nil
}

// blockMap writes a content and the map of its blocks.
type blockMap struct {
	v      *volume
	rest   []byte
	blocks uint64 // taken
}

// next gives the next block of content at level 0, above it an indirect block of
// that level, or 0 where there is no more content.
func (m *blockMap) next(level int) (uint64, error) {
	if len(m.rest) == 0 {
		return 0, nil
	}
	n, err := m.v.take(1, 0, m.v.fs.Blocks())
	if err != nil {
		return 0, err
	}
	m.blocks++
	b := m.v.block(n)
	clear(b)
	if level == 0 {
		m.rest = m.rest[copy(b, m.rest):]
		return n, nil
	}
	for k := range len(b) / ondisk.PointerSize {
		below, err := m.next(level - 1)
		if err != nil {
			return 0, err
		}
		putPointer(b, k, below)
	}
	return n, nil
}

func putPointer(b []byte, k int, block uint64) {
	binary.LittleEndian.PutUint32(b[ondisk.PointerSize*k:], uint32(block))
}

// releaseContent makes the blocks of an inode's content and its map free.
func (v *volume) releaseContent(i *inode) error {
	if i.Flags&ondisk.FlagExtents != 0 {
		return v.releaseExtents(i.Block[:], ondisk.MaxExtentDepth+1)
	}
	for k := range ondisk.DirectBlocks + ondisk.IndirectLevels {
		if err := v.releasePointer(i.Block[:], k, max(0, k-ondisk.DirectBlocks+1)); err != nil {
			return err
		}
	}
	return nil
}

func (v *volume) releasePointer(b []byte, k, level int) error {
	n := uint64(binary.LittleEndian.Uint32(b[ondisk.PointerSize*k:]))
	if n == 0 {
		return nil
	}
	if err := v.release(n, 1); err != nil || level == 0 {
		return err
	}
	for k := range int(v.bs) / ondisk.PointerSize {
		if err := v.releasePointer(v.block(n), k, level-1); err != nil {
			return err
		}
	}
	return nil
}

// releaseExtents does it below a node, whose depth is less than that.
func (v *volume) releaseExtents(node []byte, depth int) error {
	h, err := ondisk.ParseExtentHeader(node, 0)
	if err != nil {
		return err
	}
	if h.Depth >= depth {
		return ondisk.Badf(0, "extent node depth", h.Depth, "less than %d", depth)
	}
	for k := range h.Entries {
		b := node[ondisk.ExtentEntryOffset(k):]
		if h.Depth == 0 {
			e := ondisk.ParseExtent(b)
			if err := v.release(e.Start, e.Len); err != nil {
				return err
			}
			continue
		}
		child := ondisk.ParseExtentIndex(b).Child
		if err := v.release(child, 1); err != nil {
			return err
		}
		if err := v.releaseExtents(v.block(child), h.Depth); err != nil {
			return err
		}
	}
	return nil
}
