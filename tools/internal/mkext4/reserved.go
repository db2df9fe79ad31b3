package ext4

import "encoding/binary"

// journalBlock0 is the journal's superblock, struct journal_superblock_s of
// include/linux/jbd2.h, version 2, big-endian: an empty journal.
func journalBlock0(blocks uint64, uuid [16]byte) []byte {
	be := binary.BigEndian
	b := make([]byte, blockSize)
	be.PutUint32(b, 0xC03B3998)
	be.PutUint32(b[4:], 4) // superblock, version 2
	be.PutUint32(b[0x0C:], blockSize)
	be.PutUint32(b[0x10:], uint32(blocks))
	be.PutUint32(b[0x14:], 1) // first block of the log
	be.PutUint32(b[0x18:], 1) // first commit expected
	copy(b[0x30:], uuid[:])
	be.PutUint32(b[0x40:], 1) // file systems that use it
	return b
}

// journalInodeOf makes inode 8.
func (p *placed) journalInodeOf(emit emitFunc) (*diskInode, error) {
	d := &diskInode{
		mode: modeRegular | 0o600, links: 1, size: int64(p.journal.n) * blockSize,
		mtime: p.opt.Time, ctime: p.opt.Time,
	}
	m := mapping{ino: journalInode, segments: whole(p.journal.n), data: p.runs(p.journal), maps: p.journalMaps}
	return d, p.mapContent(d, &m, emit)
}

// writeJournal writes an empty journal. All of it is written, so that what a
// device holds there from before is not taken for a part of it some day.
func (w *writer) writeJournal() error {
	if err := w.out.put(w.journal.start, journalBlock0(w.journal.n, w.opt.UUID)); err != nil {
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
func (p *placed) resizeInodeOf() *diskInode {
	g := p.alloc.g
	d := &diskInode{mode: modeRegular | 0o600, links: 1, mtime: p.opt.Time, ctime: p.opt.Time}
	d.size = (directBlocks + pointers + pointers*pointers) * blockSize
	binary.LittleEndian.PutUint32(d.iblock[4*(directBlocks+1):], uint32(p.resize))
	d.blocks = 1 + g.reservedGDT*uint64(1+len(g.backups()))
	return d
}

// writeResize writes the blocks of inode 7.
func (p *placed) writeResize(emit emitFunc) error {
	g := p.alloc.g
	double := make([]byte, blockSize)
	for k := range g.reservedGDT {
		block := 1 + g.descBlocks + k
		binary.LittleEndian.PutUint32(double[4*((g.descBlocks+k)%pointers):], uint32(block))
		copies := make([]byte, blockSize)
		for i, group := range g.backups() {
			binary.LittleEndian.PutUint32(copies[4*i:], uint32(g.groupStart(group)+block))
		}
		if err := emit(block, copies); err != nil {
			return err
		}
	}
	return emit(p.resize, double)
}

// backups lists the groups besides the first that start with a superblock.
func (g *geometry) backups() []uint64 {
	var out []uint64
	for n := uint64(1); n < g.groups; n++ {
		if sparseGroup(n) {
			out = append(out, n)
		}
	}
	return out
}
