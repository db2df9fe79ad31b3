package revision

import "shimboot/tools/internal/ext4/ondisk"

// finish writes what groups have become, and their descriptors.
func (v *volume) finish() error {
	if err := v.moveBlockBitmaps(); err != nil {
		return err
	}
	for _, g := range v.groups {
		if !g.blocksChanged && !g.inodesChanged {
			continue
		}
		copy(v.block(g.desc.BlockBitmap), g.blocks)
		v.countBlocks(g)
		if g.inodesChanged {
			copy(v.block(g.desc.InodeBitmap), g.inodes)
			copy(v.next[g.desc.InodeTable*v.bs:], g.table)
			v.countInodes(g)
		}
		raw := v.next[v.descAt(g.nr):][:descSize(v.sb)]
		g.desc.Put(raw)
		ondisk.PutGroupChecksum(raw, v.sb.GroupDescSum(raw, g.nr))
	}
	return nil
}

// moveBlockBitmaps gives each bitmap that changed another place, which changes
// that of the group where this is.
func (v *volume) moveBlockBitmaps() (err error) {
	moved := make([]bool, len(v.groups))
	for again := true; again; {
		again = false
		for k, g := range v.groups {
			if !g.blocksChanged || moved[k] {
				continue
			}
			moved[k], again = true, true
			was := g.desc.BlockBitmap
			if g.desc.BlockBitmap = g.spare; g.spare != 0 {
				v.mark(g.spare, 1)
			} else if g.desc.BlockBitmap, err = v.place(g, 1); err != nil {
				return err
			}
			if err := v.release(was, 1); err != nil {
				return err
			}
		}
	}
	return nil
}

func (v *volume) countBlocks(g *group) {
	g.desc.FreeBlocks = 0
	ondisk.ClearRuns(g.blocks, g.count, func(_, n uint64) { g.desc.FreeBlocks += uint32(n) })
	if v.flagged() {
		g.desc.Flags &^= ondisk.GroupBlockUninit
	}
	if v.sums.Enabled {
		g.desc.BlockBitmapSum = v.bitmapSum(g.blocks[:v.sb.BlocksPerGroup/8])
	}
}

func (v *volume) countInodes(g *group) {
	g.desc.FreeInodes = 0
	unused := uint64(0) // at the end
	count := uint64(v.sb.InodesPerGroup)
	ondisk.ClearRuns(g.inodes, count, func(at, n uint64) {
		g.desc.FreeInodes += uint32(n)
		if at+n == count {
			unused = n
		}
	})
	if v.flagged() {
		g.desc.Flags = g.desc.Flags&^ondisk.GroupInodeUninit | ondisk.GroupTableZeroed
		g.desc.UnusedInodes = min(g.desc.UnusedInodes, uint32(unused))
	}
	if v.sums.Enabled {
		g.desc.InodeBitmapSum = v.bitmapSum(g.inodes[:count/8])
	}
}
