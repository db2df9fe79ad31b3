package ext4

import (
	"encoding/binary"
	"fmt"

	"shimboot/tools/internal/ext4/ondisk"
)

// mapIndirect finds logical block lblk in the map of ext2: twelve block
// numbers, then one each of a single, double and triple indirect block. Phys
// is where the block is, or 0 for a hole, and n how many blocks from there on
// go on the same way.
func (i *Inode) mapIndirect(lblk uint64) (phys, n uint64, err error) {
	per := uint64(i.fs.bs / ondisk.PointerSize) // block numbers in a block
	table, pos := i.iblock, i.pos+ondisk.InodeBlockOffset
	if lblk < ondisk.DirectBlocks {
		return i.pointerRun(table[:ondisk.DirectBlocks*ondisk.PointerSize], pos, lblk)
	}
	rest, span := lblk-ondisk.DirectBlocks, uint64(1) // span: data blocks below one number of table
	level := 0
	for ; level < ondisk.IndirectLevels; level++ {
		span *= per
		if rest < span {
			break
		}
		rest -= span
	}
	if level == ondisk.IndirectLevels {
		return 0, 0, badf(i.pos+ondisk.InodeSizeOffset, fmt.Sprintf("size of inode %d", i.Ino), i.Size, "no more than its block map reaches")
	}
	index := uint64(ondisk.DirectBlocks + level)
	for {
		at := pos + int64(index)*ondisk.PointerSize
		ptr := pointer(table, index)
		if ptr == 0 {
			return 0, span - rest, nil
		}
		if table, err = i.fs.block(ptr, fmt.Sprintf("indirect block of inode %d", i.Ino), at); err != nil {
			return 0, 0, err
		}
		pos = int64(ptr) * i.fs.bs
		if span /= per; span == 1 {
			return i.pointerRun(table, pos, rest)
		}
		index, rest = rest/span, rest%span
	}
}

func pointer(table []byte, index uint64) uint64 {
	return uint64(binary.LittleEndian.Uint32(table[index*ondisk.PointerSize:]))
}

// pointerRun looks at table[index] and counts the numbers that continue it.
func (i *Inode) pointerRun(table []byte, pos int64, index uint64) (phys, n uint64, err error) {
	phys, n = pointer(table, index), 1
	for k := index + 1; k < uint64(len(table)/ondisk.PointerSize); k++ {
		want := uint64(0)
		if phys != 0 {
			want = phys + n
		}
		if pointer(table, k) != want {
			break
		}
		n++
	}
	if phys == 0 {
		return 0, n, nil
	}
	return phys, n, i.fs.checkRun(phys, n, fmt.Sprintf("block of inode %d", i.Ino), pos+int64(index)*ondisk.PointerSize)
}
