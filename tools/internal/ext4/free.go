package ext4

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
)

// ErrNoFree is the answer of Free where the bitmaps alone do not tell.
var ErrNoFree = errors.New("ext4: free blocks are not known")

const bgBlockUninit = 2 // in a descriptor's flags: the block bitmap was never written

// Free lists the blocks that hold nothing, in runs from front to back: those
// that are free in the bitmaps and no group's metadata. Whatever such a block
// contains makes no difference to who mounts, checks or grows the file system.
//
// ErrNoFree says that the bitmaps cannot be relied on: the journal was not
// replayed, or blocks are counted in clusters.
func (f *FS) Free(run func(start, count uint64)) error {
	const bigalloc = 0x200
	per, table := uint64(f.sb.BlocksPerGroup), uint64(0)
	if f.NeedsRecovery() || f.sb.ROCompat&bigalloc != 0 || per > 8*uint64(f.bs) {
		return ErrNoFree
	}
	table = (uint64(f.sb.InodesPerGroup)*uint64(f.sb.InodeSize) + uint64(f.bs) - 1) / uint64(f.bs)
	meta, uninit, err := f.metadata(table)
	if err != nil {
		return err
	}
	for g := range f.groups {
		start := uint64(f.sb.FirstDataBlock) + g*per
		used := make([]byte, f.bs) // of a group without a bitmap: nothing but metadata
		if !uninit[g] {
			b, err := f.block(meta[3*g].start, "block bitmap", superOffset)
			if err != nil {
				return err
			}
			copy(used, b)
		}
		f.markSuper(used, g)
		for _, m := range meta {
			mark(used, m, start, per)
		}
		count := min(per, f.blocks-start)
		clearRuns(used, count, func(at, n uint64) { run(start+at, n) })
	}
	return nil
}

// blockRun is count blocks from start on.
type blockRun struct{ start, count uint64 }

// metadata gives the block bitmap, inode bitmap and inode table of each group,
// and which groups have no block bitmap yet.
func (f *FS) metadata(table uint64) (meta []blockRun, uninit []bool, err error) {
	perBlock := uint64(f.bs / f.desc)
	meta, uninit = make([]blockRun, 0, 3*f.groups), make([]bool, f.groups)
	checksums := f.sb.ROCompat&(0x10|0x400) != 0 // uninit_bg or metadata_csum: or else flags mean nothing
	for g := range f.groups {
		n, off := f.descBlock(g/perBlock), int64(g%perBlock)*f.desc
		b, err := f.block(n, "block of group descriptors", superOffset)
		if err != nil {
			return nil, nil, err
		}
		d := b[off:][:f.desc]
		for i, count := range []uint64{1, 1, table} {
			at := uint64(binary.LittleEndian.Uint32(d[4*i:]))
			if f.desc >= 64 {
				at |= uint64(binary.LittleEndian.Uint32(d[0x20+4*i:])) << 32
			}
			if err := f.checkRun(at, count, fmt.Sprintf("metadata of group %d", g), int64(n)*f.bs+off); err != nil {
				return nil, nil, err
			}
			meta = append(meta, blockRun{at, count})
		}
		uninit[g] = checksums && binary.LittleEndian.Uint16(d[0x12:])&bgBlockUninit != 0
	}
	return meta, uninit, nil
}

// markSuper marks what a group with a copy of the superblock starts with; with
// meta_bg, where descriptors lie in many places, all of a group's first blocks.
func (f *FS) markSuper(used []byte, g uint64) {
	perBlock := uint64(f.bs / f.desc)
	count := 1 + (f.groups+perBlock-1)/perBlock + uint64(f.sb.ReservedGDT)
	if f.sb.hasSuper(g) || f.sb.has(incompatMetaBG) {
		mark(used, blockRun{0, count}, 0, uint64(f.sb.BlocksPerGroup))
	}
}

// mark sets the bits of run's blocks in the bitmap of the group at start.
func mark(used []byte, run blockRun, start, per uint64) {
	from, to := max(run.start, start), min(run.start+run.count, start+per)
	if from < to {
		setBits(used, from-start, to-start)
	}
}

// clearRuns calls run for the clear bits among the first count.
func clearRuns(b []byte, count uint64, run func(at, n uint64)) {
	for at := uint64(0); at < count; {
		at += next(b, at, count, 0)
		n := next(b, at, count, 0xff)
		if n > 0 {
			run(at, n)
		}
		at += n
	}
}

// next counts the bits from at on before one that is clear in b^invert, up to
// count.
func next(b []byte, at, count uint64, invert byte) uint64 {
	from := at
	for at < count {
		left := (b[at/8] ^ invert) >> (at % 8)
		n := uint64(bits.TrailingZeros8(^left))
		n = min(n, 8-at%8)
		at += n
		if at%8 != 0 || n == 0 {
			break
		}
	}
	return min(at, count) - from
}
