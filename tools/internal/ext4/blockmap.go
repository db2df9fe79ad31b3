package ext4

import (
	"encoding/binary"
	"fmt"
)

// mapIndirect finds logical block lblk in the map of ext2: twelve block
// numbers, then one each of a single, double and triple indirect block. Phys
// is where the block is, or 0 for a hole, and n how many blocks from there on
// go on the same way.
func (i *Inode) mapIndirect(lblk uint64) (phys, n uint64, err error) {
	per := uint64(i.fs.bs / 4) // block numbers in a block
	table, pos := i.iblock, i.pos+iblockOffset
	if lblk < directBlocks {
		return i.pointerRun(table[:directBlocks*4], pos, lblk)
	}
	rest, span := lblk-directBlocks, uint64(1) // span: data blocks below one number of table
	level := 0
	for ; level < indirectLevels; level++ {
		span *= per
		if rest < span {
			break
		}
		rest -= span
	}
	if level == indirectLevels {
		return 0, 0, badf(i.pos+4, fmt.Sprintf("size of inode %d", i.Ino), i.Size, "no more than its block map reaches")
	}
	index := uint64(directBlocks + level)
	for {
		at := pos + int64(index)*4
		ptr := uint64(binary.LittleEndian.Uint32(table[index*4:]))
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

// pointerRun looks at table[index] and counts the numbers that continue it.
func (i *Inode) pointerRun(table []byte, pos int64, index uint64) (phys, n uint64, err error) {
	at := func(k uint64) uint64 { return uint64(binary.LittleEndian.Uint32(table[k*4:])) }
	phys, n = at(index), 1
	for k := index + 1; k < uint64(len(table)/4); k++ {
		want := uint64(0)
		if phys != 0 {
			want = phys + n
		}
		if at(k) != want {
			break
		}
		n++
	}
	if phys == 0 {
		return 0, n, nil
	}
	return phys, n, i.fs.checkRun(phys, n, fmt.Sprintf("block of inode %d", i.Ino), pos+int64(index)*4)
}
