package ext4

import (
	"encoding/binary"
	"fmt"
)

// superblock is struct ext4_super_block byte for byte, 1024 bytes at byte 1024
// of the file system and, for a backup, at the start of its group.
type superblock struct {
	InodesCount, BlocksLo, ReservedLo, FreeBlocksLo uint32 // 0x00
	FreeInodes, FirstDataBlock, LogBlock            uint32 // 0x10
	LogCluster                                      uint32
	BlocksPerGroup, ClustersPerGroup                uint32 // 0x20
	InodesPerGroup, MountTime                       uint32
	WriteTime                                       uint32 // 0x30, seconds
	MountCount, MaxMountCount                       uint16
	Magic, State, Errors, MinorRev                  uint16
	LastCheck, CheckInterval, CreatorOS, Rev        uint32 // 0x40
	DefResUID, DefResGID                            uint16 // 0x50
	FirstInode                                      uint32
	InodeSize, GroupNr                              uint16
	Compat                                          uint32
	Incompat, ROCompat                              uint32 // 0x60
	UUID                                            [16]byte
	Label                                           [16]byte
	LastMounted                                     [64]byte // 0x88
	AlgoBitmap                                      uint32
	PreallocBlocks, PreallocDir                     uint8
	ReservedGDT                                     uint16
	JournalUUID                                     [16]byte // 0xD0
	JournalInode, JournalDev, LastOrphan            uint32   // 0xE0
	HashSeed                                        [16]byte // 0xEC
	HashVersion, JournalBackup                      uint8    // 0xFC
	DescSize                                        uint16
	DefaultMountOpts, FirstMetaBG, MkfsTime         uint32     // 0x100
	JournalBlocks                                   [17]uint32 // 0x10C
	BlocksHi, ReservedHi, FreeBlocksHi              uint32     // 0x150
	MinExtraIsize, WantExtraIsize                   uint16     // 0x15C
	Flags                                           uint32     // 0x160
	RaidStride, MMPInterval                         uint16
	MMPBlock                                        uint64
	RaidStripe                                      uint32 // 0x170
	LogFlex, ChecksumType                           uint8
	_                                               uint16
	KBytesWritten                                   uint64
	_                                               [0xCC]byte // 0x180: snapshots, errors, quota
	BackupGroups                                    [2]uint32  // 0x24C, sparse_super2
	_                                               [0x1C]byte // 0x254
	ChecksumSeed                                    uint32     // 0x270
	WriteTimeHi, MountTimeHi, MkfsTimeHi            uint8      // 0x274
	LastCheckHi                                     uint8
	_                                               [0x184]byte // 0x278
	Checksum                                        uint32      // 0x3FC
}

// decodeSuper reads the superblock's fields; only the magic is checked.
func decodeSuper(b []byte) (*superblock, error) {
	s := new(superblock)
	if _, err := binary.Decode(b, binary.LittleEndian, s); err != nil {
		return nil, badf(superOffset, "superblock", fmt.Sprintf("%d bytes", len(b)), "%d", superSize)
	}
	if s.Magic != superMagic {
		return nil, badf(superOffset+0x38, "superblock magic", fmt.Sprintf("0x%04x", s.Magic), "0x%04x", superMagic)
	}
	if s.Rev < revDynamic {
		s.InodeSize, s.FirstInode = oldInodeSize, oldFirstInode
		s.Compat, s.Incompat, s.ROCompat = 0, 0, 0
	}
	return s, nil
}

// encode gives the superblock's 1024 bytes.
func (s *superblock) encode() ([]byte, error) {
	return binary.Append(make([]byte, 0, superSize), binary.LittleEndian, s)
}

func (s *superblock) has(incompat uint32) bool { return s.Incompat&incompat != 0 }

// blocks is the file system's length in blocks.
func (s *superblock) blocks() uint64 { return s.wide(s.BlocksLo, s.BlocksHi) }

// wide joins a low word with its high word, which counts only with 64bit.
func (s *superblock) wide(lo, hi uint32) uint64 {
	if !s.has(incompat64Bit) {
		hi = 0
	}
	return uint64(hi)<<32 | uint64(lo)
}

// hasSuper tells whether group g starts with a copy of the superblock.
func (s *superblock) hasSuper(g uint64) bool {
	switch {
	case g == 0:
		return true
	case s.Compat&compatSparse2 != 0:
		return g == uint64(s.BackupGroups[0]) || g == uint64(s.BackupGroups[1])
	case s.ROCompat&roCompatSparseSuper == 0:
		return true
	}
	return sparseGroup(g)
}

// sparseGroup is the rule of sparse_super: groups 0, 1 and the powers of 3, 5
// and 7 hold a backup.
func sparseGroup(g uint64) bool {
	if g <= 1 {
		return true
	}
	for _, base := range [...]uint64{3, 5, 7} {
		n := base
		for n < g {
			n *= base
		}
		if n == g {
			return true
		}
	}
	return false
}
