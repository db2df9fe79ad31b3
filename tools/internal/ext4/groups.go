package ext4

import "shimboot/tools/internal/ext4/ondisk"

// groupDesc gives the descriptor of group g as it is on disk, and its offset.
func (f *FS) groupDesc(g uint64) (b []byte, at int64, err error) {
	perBlock := uint64(f.bs / f.desc)
	n, off := f.descBlock(g/perBlock), int64(g%perBlock)*f.desc
	b, err = f.block(n, "block of group descriptors", ondisk.SuperblockOffset)
	if err != nil {
		return nil, 0, err
	}
	return b[off : off+f.desc], int64(n)*f.bs + off, nil
}

// inodeTable gives the first block of group g's inode table, and where the
// descriptor says so.
func (f *FS) inodeTable(g uint64) (table uint64, at int64, err error) {
	b, at, err := f.groupDesc(g)
	if err != nil {
		return 0, 0, err
	}
	d := ondisk.ParseGroupDesc(b)
	if err := f.checkGroupDesc(&d, b, g, at); err != nil {
		return 0, 0, err
	}
	return d.InodeTable, at + ondisk.GroupInodeTableOffset, nil
}

// descBlock gives the place of the nr'th block of group descriptors: behind
// the superblock, or with meta_bg in the first group of those it describes
// (descriptor_loc in fs/ext4/super.c).
func (f *FS) descBlock(nr uint64) uint64 {
	super := uint64(ondisk.SuperblockOffset / f.bs) // block of the superblock: 1 with 1 KiB blocks
	if !f.sb.HasIncompat(ondisk.IncompatMetaBG) || nr < uint64(f.sb.FirstMetaBG) {
		return super + 1 + nr
	}
	g := nr * uint64(f.bs/f.desc)
	n := uint64(f.sb.FirstDataBlock) + g*uint64(f.sb.BlocksPerGroup)
	if f.sb.HasBackup(g) {
		n++
	}
	if f.bs == minBlockSize && nr == 0 && f.sb.FirstDataBlock == 0 {
		n++
	}
	return n
}
