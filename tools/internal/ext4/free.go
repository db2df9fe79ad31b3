package ext4

import (
	"errors"
	"fmt"

	"shimboot/tools/internal/ext4/ondisk"
)

// ErrNoFree is the answer of Free where the bitmaps alone do not tell.
var ErrNoFree = errors.New("ext4: free blocks are not known")

// Free lists the blocks that hold nothing, in runs from front to back: those
// that are free in the bitmaps and no group's metadata. Whatever such a block
// contains makes no difference to who mounts, checks or grows the file system.
//
// ErrNoFree says that the bitmaps cannot be relied on: the journal was not
// replayed, or blocks are counted in clusters.
func (f *FS) Free(run func(start, count uint64)) error {
	per, table := uint64(f.sb.BlocksPerGroup), uint64(0)
	if f.NeedsRecovery() || f.sb.HasROCompat(ondisk.ROCompatBigalloc) || per > 8*uint64(f.bs) {
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
			b, err := f.block(meta[3*g].start, "block bitmap", ondisk.SuperblockOffset)
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
		ondisk.ClearRuns(used, count, func(at, n uint64) { run(start+at, n) })
	}
	return nil
}

// blockRun is count blocks from start on.
type blockRun struct{ start, count uint64 }

// metadata gives the block bitmap, inode bitmap and inode table of each group,
// and which groups have no block bitmap yet.
func (f *FS) metadata(table uint64) (meta []blockRun, uninit []bool, err error) {
	meta, uninit = make([]blockRun, 0, 3*f.groups), make([]bool, f.groups)
	checksums := f.sb.HasROCompat(ondisk.ROCompatGDTCsum | ondisk.ROCompatMetadataCsum) // or else flags mean nothing
	for g := range f.groups {
		b, pos, err := f.groupDesc(g)
		if err != nil {
			return nil, nil, err
		}
		d := ondisk.ParseGroupDesc(b)
		for _, m := range []blockRun{{d.BlockBitmap, 1}, {d.InodeBitmap, 1}, {d.InodeTable, table}} {
			if err := f.checkRun(m.start, m.count, fmt.Sprintf("metadata of group %d", g), pos); err != nil {
				return nil, nil, err
			}
			meta = append(meta, m)
		}
		uninit[g] = checksums && d.Flags&ondisk.GroupBlockUninit != 0
	}
	return meta, uninit, nil
}

// markSuper marks what a group with a copy of the superblock starts with; with
// meta_bg, where descriptors lie in many places, all of a group's first blocks.
func (f *FS) markSuper(used []byte, g uint64) {
	perBlock := uint64(f.bs / f.desc)
	count := 1 + (f.groups+perBlock-1)/perBlock + uint64(f.sb.ReservedGDT)
	if f.sb.HasBackup(g) || f.sb.HasIncompat(ondisk.IncompatMetaBG) {
		mark(used, blockRun{0, count}, 0, uint64(f.sb.BlocksPerGroup))
	}
}

// mark sets the bits of run's blocks in the bitmap of the group at start.
func mark(used []byte, run blockRun, start, per uint64) {
	from, to := max(run.start, start), min(run.start+run.count, start+per)
	if from < to {
		ondisk.SetBits(used, from-start, to-start)
	}
}
