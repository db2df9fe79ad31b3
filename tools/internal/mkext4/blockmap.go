package mkext4

import (
	"encoding/binary"

	"shimboot/tools/internal/ext4/ondisk"
)

// indirectCount counts the indirect blocks of a content in so many blocks.
func indirectCount(blocks uint64) uint64 {
	var total uint64
	left := blocks - min(blocks, ondisk.DirectBlocks)
	for level, reach := 1, uint64(pointersPerBlock); left > 0 && level <= ondisk.IndirectLevels; level, reach = level+1, reach*pointersPerBlock {
		here := min(left, reach)
		for n := uint64(pointersPerBlock); ; n *= pointersPerBlock {
			total += ceilDiv(here, n)
			if n == reach {
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
	for i := range ondisk.DirectBlocks + ondisk.IndirectLevels {
		n, err := m.pointer(max(0, i-ondisk.DirectBlocks+1))
		if err != nil {
			return err
		}
		putPointer(iblock, i, n)
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
	for i := range pointersPerBlock {
		n, err := m.pointer(level - 1)
		if err != nil {
			return 0, err
		}
		putPointer(b, i, n)
	}
	return block, m.emit(block, b)
}

// putPointer writes the k'th block number of i_block or of an indirect block.
func putPointer(b []byte, k int, block uint64) {
	binary.LittleEndian.PutUint32(b[ondisk.PointerSize*k:], uint32(block))
}
