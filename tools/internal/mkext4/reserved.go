package mkext4

import "shimboot/tools/internal/ext4/ondisk"

// journalInodeOf makes inode 8.
func (l *layout) journalInodeOf(emit emitFunc) (*inode, error) {
	i := newInode(ondisk.ModeRegular|0o600, 1, int64(l.journal.n)*blockSize, l.opt.Time, l.opt.Time)
	m := mapping{ino: ondisk.JournalInode, segments: whole(l.journal.n), data: l.runs(l.journal), maps: l.journalMaps}
	return i, l.mapContent(i, &m, emit)
}

// writeJournal writes an empty journal. All of it is written, so that what a
// device holds there from before is not taken for a part of it some day.
func (w *writer) writeJournal() error {
	j := ondisk.JournalSuperblock{
		BlockSize: blockSize, Blocks: uint32(w.journal.n), First: 1, Sequence: 1, UUID: w.opt.UUID, Users: 1,
	}
	b := make([]byte, blockSize)
	j.Put(b)
	if err := w.out.put(w.journal.start, b); err != nil {
		return err
	}
	skip := uint64(1)
	for _, r := range w.runs(w.journal) {
		if err := w.out.zeros(r.start+skip, r.n-skip); err != nil {
			return err
		}
		skip = 0
	}
	return nil
}

// resizeInodeOf makes inode 7. It keeps the blocks reserved for group
// descriptors from being used: its double indirect block names those behind
// the primary descriptors, as if they were indirect blocks, and each of these
// names its copies in the backup groups (e2fsprogs lib/ext2fs/res_gdt.c).
func (l *layout) resizeInodeOf() *inode {
	const doubleIndirect = ondisk.DirectBlocks + 1
	const size = (ondisk.DirectBlocks + pointersPerBlock + pointersPerBlock*pointersPerBlock) * blockSize
	g := l.alloc.g
	i := newInode(ondisk.ModeRegular|0o600, 1, size, l.opt.Time, l.opt.Time)
	putPointer(i.Block[:], doubleIndirect, l.resize)
	i.blocks = 1 + g.reservedGDT*uint64(1+len(g.backups()))
	return i
}

// writeResize writes the blocks of inode 7.
func (l *layout) writeResize(emit emitFunc) error {
	g := l.alloc.g
	double := make([]byte, blockSize)
	for k := range g.reservedGDT {
		block := 1 + g.descBlocks + k
		putPointer(double, int((g.descBlocks+k)%pointersPerBlock), block)
		copies := make([]byte, blockSize)
		for i, group := range g.backups() {
			putPointer(copies, i, g.groupStart(group)+block)
		}
		if err := emit(block, copies); err != nil {
			return err
		}
	}
	return emit(l.resize, double)
}

// backups lists the groups besides the first that start with a superblock.
func (g *geometry) backups() []uint64 {
	var out []uint64
	for n := uint64(1); n < g.groups; n++ {
		if ondisk.SparseGroup(n) {
			out = append(out, n)
		}
	}
	return out
}
