package ext4

import (
	"encoding/binary"
	"time"
)

// superblock makes the superblock, as of group 0.
func (p *placed) superblock() (*superblock, error) {
	g, o, f := p.alloc.g, p.opt, p.opt.Kind.profile()
	now, hi := superTime(o.Time)
	s := &superblock{
		InodesCount: uint32(g.groups) * g.inodes, BlocksLo: uint32(g.blocks),
		ReservedLo: uint32(o.Reserved.of(g.blocks)), FreeBlocksLo: uint32(p.alloc.left()),
		LogBlock: 2, LogCluster: 2, BlocksPerGroup: blocksPerGroup, ClustersPerGroup: blocksPerGroup, InodesPerGroup: g.inodes,
		WriteTime: now, LastCheck: now, MkfsTime: now, WriteTimeHi: hi, LastCheckHi: hi, MkfsTimeHi: hi,
		MaxMountCount: 0xFFFF, Magic: superMagic, State: 1, Errors: 1, Rev: revDynamic,
		FirstInode: oldFirstInode, InodeSize: inodeSize, MinExtraIsize: extraIsize, WantExtraIsize: extraIsize,
		Compat: f.compat, Incompat: f.incompat, ROCompat: f.roCompat,
		UUID: o.UUID, HashSeed: o.hashSeed(), HashVersion: hashHalfMD4, Flags: flagUnsignedHash,
		DefaultMountOpts: 0x000C, // user_xattr, acl
	}
	s.FreeInodes = s.InodesCount - p.inodes
	copy(s.Label[:], o.Label)
	if s.has(incompat64Bit) {
		s.DescSize = uint16(f.descSize)
	}
	if p.sums.on {
		s.ChecksumType = 1 // crc32c
	}
	for 1<<s.LogFlex < g.flex {
		s.LogFlex++
	}
	if g.reservedGDT > 0 {
		s.Compat |= compatResizeInode
		s.ReservedGDT = uint16(g.reservedGDT)
	}
	return s, p.superJournal(s)
}

// superJournal names the journal and keeps a copy of its inode's map.
func (p *placed) superJournal(s *superblock) error {
	if p.journal.n == 0 {
		return nil
	}
	s.Compat |= compatHasJournal
	s.JournalInode, s.JournalBackup = journalInode, 1
	d, err := p.journalInodeOf(func(uint64, []byte) error { return nil })
	if err != nil {
		return err
	}
	for i := range 15 {
		s.JournalBlocks[i] = binary.LittleEndian.Uint32(d.iblock[4*i:])
	}
	s.JournalBlocks[15], s.JournalBlocks[16] = uint32(d.size>>32), uint32(d.size)
	return nil
}

// superTime splits a time into 40 bits of seconds, the superblock's range.
func superTime(t time.Time) (lo uint32, hi uint8) {
	s := min(max(t.Unix(), 0), 1<<40-1)
	return uint32(s), uint8(s >> 32)
}

// descriptors makes struct ext4_group_desc of all groups. No number in the
// upper halves is ever needed, below 2^32 blocks.
func (p *placed) descriptors() []byte {
	g := p.alloc.g
	le := binary.LittleEndian
	b := make([]byte, g.descBlocks*blockSize)
	dirs := make([]uint16, g.groups)
	for k := range p.nodes {
		if n := &p.nodes[k]; n.dirBlocks > 0 {
			dirs[(n.ino-1)/g.inodes]++
		}
	}
	for n := range g.groups {
		d, at := b[n*g.profile.descSize:][:g.profile.descSize], g.places(n)
		le.PutUint32(d, uint32(at.blockBitmap))
		le.PutUint32(d[4:], uint32(at.inodeBitmap))
		le.PutUint32(d[8:], uint32(at.inodeTable))
		le.PutUint16(d[0x0C:], uint16(p.alloc.freeIn(n)))
		free := g.inodes - p.inodesUsedIn(n)
		le.PutUint16(d[0x0E:], uint16(free))
		le.PutUint16(d[0x10:], dirs[n])
		if p.sums.on {
			// The table is written as far as it is in use. The kernel clears
			// the rest some time after it mounted the file system.
			le.PutUint16(d[0x1C:], uint16(free))
			if free == g.inodes {
				le.PutUint16(d[0x12:], groupInodeUninit)
			}
		}
		p.sums.desc(d, n, p.blockBitmap(n), p.inodeBitmap(n)[:g.inodes/8])
	}
	return b
}

// inodesUsedIn counts the inodes in use of group n: all are handed out from
// the first on.
func (p *placed) inodesUsedIn(n uint64) uint32 {
	per, used := uint64(p.alloc.g.inodes), uint64(p.inodes)
	return uint32(min(used-min(used, n*per), per))
}

// blockBitmap makes the bitmap of group n: a bit is set for a block in use, and
// for those behind the end of the file system.
func (p *placed) blockBitmap(n uint64) []byte {
	g := p.alloc.g
	b := make([]byte, blockSize)
	start := g.groupStart(n)
	// What is handed out starts behind the overhead without a gap, because
	// firstFree of a group not yet reached is the end of its overhead.
	setBits(b, 0, p.alloc.firstFree(n)-start)
	setBits(b, g.groupEnd(n)-start, blocksPerGroup)
	return b
}

func (p *placed) inodeBitmap(n uint64) []byte {
	b := make([]byte, blockSize)
	setBits(b, 0, uint64(p.inodesUsedIn(n)))
	setBits(b, uint64(p.alloc.g.inodes), 8*blockSize)
	return b
}

// setBits sets the bits from up to, but not with, to.
func setBits(b []byte, from, to uint64) {
	for ; from < to && from%8 != 0; from++ {
		b[from/8] |= 1 << (from % 8)
	}
	for ; from+8 <= to; from += 8 {
		b[from/8] = 0xFF
	}
	for ; from < to; from++ {
		b[from/8] |= 1 << (from % 8)
	}
}
