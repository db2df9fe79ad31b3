package ext4

import "encoding/binary"

// emitFunc writes one block.
type emitFunc func(block uint64, data []byte) error

const (
	extentsInInode = (iblockSize - extentHeader) / extentEntry
	extentsInBlock = (blockSize - extentHeader) / extentEntry
)

// mapEntry is an entry of an extent tree: in a leaf an extent, above it the
// block of a node, whose n is not used.
type mapEntry struct{ logical, start, n uint64 }

// extents lays the parts of a file over the runs it was given; one has at most
// 32768 blocks.
func extents(segments []segment, data []run) []mapEntry {
	var out []mapEntry
	var r run
	for _, s := range segments {
		for s.n > 0 {
			if r.n == 0 {
				r, data = data[0], data[1:]
			}
			n := min(s.n, r.n, extentMaxInit)
			out = append(out, mapEntry{s.logical, r.start, n})
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
func writeExtents(iblock []byte, entries []mapEntry, maps []run, emit emitFunc) error {
	depth, next := uint16(0), uint64(0)
	for ; len(entries) > extentsInInode; depth++ {
		var up []mapEntry
		for len(entries) > 0 {
			n := min(len(entries), extentsInBlock)
			b := make([]byte, blockSize)
			putExtentNode(b, entries[:n], extentsInBlock, depth)
			block := nthBlock(maps, next)
			if err := emit(block, b); err != nil {
				return err
			}
			next++
			up = append(up, mapEntry{logical: entries[0].logical, start: block})
			entries = entries[n:]
		}
		entries = up
	}
	putExtentNode(iblock, entries, extentsInInode, depth)
	return nil
}

func putExtentNode(b []byte, entries []mapEntry, room int, depth uint16) {
	le := binary.LittleEndian
	le.PutUint16(b, extentMagic)
	le.PutUint16(b[2:], uint16(len(entries)))
	le.PutUint16(b[4:], uint16(room))
	le.PutUint16(b[6:], depth)
	for i, e := range entries {
		p := b[extentHeader+i*extentEntry:]
		le.PutUint32(p, uint32(e.logical))
		if depth == 0 {
			le.PutUint16(p[4:], uint16(e.n))
			le.PutUint16(p[6:], uint16(e.start>>32))
			le.PutUint32(p[8:], uint32(e.start))
		} else {
			le.PutUint32(p[4:], uint32(e.start))
			le.PutUint16(p[8:], uint16(e.start>>32))
		}
	}
}

// indirectCount counts the indirect blocks of a content in so many blocks.
func indirectCount(blocks uint64) uint64 {
	var total uint64
	left := blocks - min(blocks, directBlocks)
	for level, span := 1, uint64(pointers); left > 0 && level <= indirectLevels; level, span = level+1, span*pointers {
		here := min(left, span)
		for n := uint64(pointers); ; n *= pointers {
			total += ceilDiv(here, n)
			if n == span {
				break
			}
		}
		left -= here
	}
	return total
}

// blockMap writes the block map of ext2.
type blockMap struct {
	data, maps         []run
	nextData, nextMaps uint64
	left               uint64 // data blocks not yet in the map
	emit               emitFunc
}

func writeIndirect(iblock []byte, blocks uint64, data, maps []run, emit emitFunc) error {
	m := &blockMap{data: data, maps: maps, left: blocks, emit: emit}
	for i := range directBlocks + indirectLevels {
		n, err := m.pointer(max(0, i-directBlocks+1))
		if err != nil {
			return err
		}
		binary.LittleEndian.PutUint32(iblock[4*i:], uint32(n))
	}
	return nil
}

// pointer gives the next data block at level 0, and above it an indirect block
// of that level, or 0 when there is no more data.
func (m *blockMap) pointer(level int) (uint64, error) {
	if m.left == 0 {
		return 0, nil
	}
	if level == 0 {
		m.left--
		m.nextData++
		return nthBlock(m.data, m.nextData-1), nil
	}
	block := nthBlock(m.maps, m.nextMaps)
	m.nextMaps++
	b := make([]byte, blockSize)
	for i := range pointers {
		n, err := m.pointer(level - 1)
		if err != nil {
			return 0, err
		}
		binary.LittleEndian.PutUint32(b[4*i:], uint32(n))
	}
	return block, m.emit(block, b)
}
