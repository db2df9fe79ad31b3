package mkext4

import "shimboot/tools/internal/ext4/ondisk"

// descriptors makes the descriptors of all groups.
func (l *layout) descriptors() []byte {
	g := l.alloc.g
	b := make([]byte, g.descBlocks*blockSize)
	dirs := make([]uint32, g.groups)
	for k := range l.nodes {
		if n := &l.nodes[k]; n.dirBlocks > 0 {
			dirs[(n.ino-1)/g.inodes]++
		}
	}
	for n := range g.groups {
		at, free := g.places(n), g.inodes-l.inodesUsedIn(n)
		d := ondisk.GroupDesc{
			BlockBitmap: at.blockBitmap, InodeBitmap: at.inodeBitmap, InodeTable: at.inodeTable,
			FreeBlocks: uint32(l.alloc.freeIn(n)), FreeInodes: free, Dirs: dirs[n],
		}
		if l.sums.Enabled {
			// The table is written as far as it is in use. The kernel clears
			// the rest some time after it mounted the file system.
			d.UnusedInodes = free
			if free == g.inodes {
				d.Flags = ondisk.GroupInodeUninit
			}
			d.BlockBitmapSum = l.sums.Bitmap(l.blockBitmap(n))
			d.InodeBitmapSum = l.sums.Bitmap(l.inodeBitmap(n)[:g.inodes/8])
		}
		raw := b[n*g.profile.descSize:][:g.profile.descSize]
		d.Put(raw)
		l.sums.groupDesc(raw, n)
	}
	return b
}

// inodesUsedIn counts the inodes in use of group n: all are handed out from
// the first on.
func (l *layout) inodesUsedIn(n uint64) uint32 {
	per, used := uint64(l.alloc.g.inodes), uint64(l.inodes)
	return uint32(min(used-min(used, n*per), per))
}

// blockBitmap makes the bitmap of group n: a bit is set for a block in use, and
// for those behind the end of the file system.
func (l *layout) blockBitmap(n uint64) []byte {
	g := l.alloc.g
	b := make([]byte, blockSize)
	start := g.groupStart(n)
	// What is handed out starts behind the overhead without a gap, because
	// firstFree of a group not yet reached is the end of its overhead.
	ondisk.SetBits(b, 0, l.alloc.firstFree(n)-start)
	ondisk.SetBits(b, g.groupEnd(n)-start, blocksPerGroup)
	return b
}

func (l *layout) inodeBitmap(n uint64) []byte {
	b := make([]byte, blockSize)
	ondisk.SetBits(b, 0, uint64(l.inodesUsedIn(n)))
	ondisk.SetBits(b, uint64(l.alloc.g.inodes), 8*blockSize)
	return b
}
