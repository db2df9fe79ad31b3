package mkext4

import (
	"encoding/binary"
	"math/bits"

	"shimboot/tools/internal/ext4/ondisk"
)

// superblock makes the superblock, as of group 0.
func (l *layout) superblock() (*ondisk.Superblock, error) {
	g, o, f := l.alloc.g, l.opt, l.opt.Kind.profile()
	now, hi := ondisk.EncodeSuperTime(o.Time)
	s := &ondisk.Superblock{
		InodesCount: uint32(g.groups) * g.inodes, BlocksLo: uint32(g.blocks),
		ReservedLo: uint32(o.Reserved.of(g.blocks)), FreeBlocksLo: uint32(l.alloc.left()),
		LogBlockSize: logBlockSize, LogClusterSize: logBlockSize,
		BlocksPerGroup: blocksPerGroup, ClustersPerGroup: blocksPerGroup, InodesPerGroup: g.inodes,
		WriteTime: now, LastCheck: now, MkfsTime: now, WriteTimeHi: hi, LastCheckHi: hi, MkfsTimeHi: hi,
		MaxMountCount: ondisk.NeverCheck, State: ondisk.StateClean, Errors: ondisk.ErrorsContinue,
		Magic: ondisk.SuperblockMagic, Rev: ondisk.RevDynamic, FirstInode: ondisk.OldFirstInode,
		InodeSize: inodeSize, MinExtraIsize: ondisk.ExtraIsize, WantExtraIsize: ondisk.ExtraIsize,
		Compat: f.compat, Incompat: f.incompat, ROCompat: f.roCompat, UUID: o.UUID,
		HashSeed: o.hashSeed(), HashVersion: ondisk.HashHalfMD4, Flags: ondisk.FlagUnsignedHash,
		DefaultMountOpts: ondisk.MountXAttrUser | ondisk.MountACL,
		LogGroupsPerFlex: uint8(bits.TrailingZeros64(g.flex)),
	}
	s.FreeInodes = s.InodesCount - l.inodes
	copy(s.Label[:], o.Label)
	if s.HasIncompat(ondisk.Incompat64Bit) {
		s.DescSize = uint16(f.descSize)
	}
	if l.sums.Enabled {
		s.ChecksumType = ondisk.ChecksumCRC32C
	}
	if g.reservedGDT > 0 {
		s.Compat |= ondisk.CompatResizeInode
		s.ReservedGDT = uint16(g.reservedGDT)
	}
	return s, l.superJournal(s)
}

// superJournal names the journal and keeps a copy of its inode's map and size.
func (l *layout) superJournal(s *ondisk.Superblock) error {
	if l.journal.n == 0 {
		return nil
	}
	s.Compat |= ondisk.CompatHasJournal
	s.JournalInode, s.JournalBackup = ondisk.JournalInode, ondisk.JournalBackupKnown
	i, err := l.journalInodeOf(func(uint64, []byte) error { return nil })
	if err != nil {
		return err
	}
	const words = ondisk.InodeBlockSize / 4
	for k := range words {
		s.JournalBlocks[k] = binary.LittleEndian.Uint32(i.Block[4*k:])
	}
	s.JournalBlocks[words], s.JournalBlocks[words+1] = uint32(i.Size>>32), uint32(i.Size)
	return nil
}
