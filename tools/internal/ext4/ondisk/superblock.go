package ondisk

import (
	"encoding/binary"
	"fmt"
)

// Where the superblock is and what it starts with.
const (
	SuperblockOffset = 1024 // bytes from the start to the primary one, whatever the block size
	SuperblockSize   = 1024
	SuperblockMagic  = 0xEF53
	RevDynamic       = 1 // s_rev_level that has feature words and an inode size
)

// Byte offsets of fields within the superblock, for who says where one is wrong.
const (
	SuperInodesCount    = 0x00
	SuperBlocksCount    = 0x04
	SuperFirstDataBlock = 0x14
	SuperLogBlockSize   = 0x18
	SuperBlocksPerGroup = 0x20
	SuperInodesPerGroup = 0x28
	SuperMagic          = 0x38
	SuperInodeSize      = 0x58
	SuperIncompat       = 0x60
	SuperROCompat       = 0x64
	SuperDescSize       = 0xFE
	SuperChecksumType   = 0x175
	SuperChecksum       = 0x3FC
)

// Values of fields.
const (
	StateClean         = 1      // s_state: unmounted
	ErrorsContinue     = 1      // s_errors
	NeverCheck         = 0xFFFF // s_max_mnt_count
	FlagUnsignedHash   = 2      // s_flags: names are hashed as unsigned bytes
	HashHalfMD4        = 1      // s_def_hash_version
	MountXAttrUser     = 0x0004 // s_default_mount_opts
	MountACL           = 0x0008
	JournalBackupKnown = 1 // s_jnl_backup_type: JournalBlocks has a copy of i_block and i_size
	ChecksumCRC32C     = 1 // s_checksum_type
	MaxLabel           = 16
)

// Superblock is struct ext4_super_block byte for byte, 1024 bytes at byte 1024
// of the file system and, for a backup, at the start of its group (super.rst).
type Superblock struct {
	InodesCount, BlocksLo, ReservedLo, FreeBlocksLo uint32 // 0x00
	FreeInodes, FirstDataBlock, LogBlockSize        uint32 // 0x10; blocks are 1024<<LogBlockSize bytes
	LogClusterSize                                  uint32
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
	Label                                           [MaxLabel]byte
	LastMounted                                     [64]byte // 0x88
	AlgoBitmap                                      uint32
	PreallocBlocks, PreallocDir                     uint8
	ReservedGDT                                     uint16   // blocks behind the descriptors, for more of them
	JournalUUID                                     [16]byte // 0xD0
	JournalInode, JournalDev, LastOrphan            uint32   // 0xE0
	HashSeed                                        [16]byte // 0xEC
	HashVersion, JournalBackup                      uint8    // 0xFC
	DescSize                                        uint16   // of a group descriptor, with 64bit
	DefaultMountOpts, FirstMetaBG, MkfsTime         uint32   // 0x100
	JournalBlocks                                   [17]uint32
	BlocksHi, ReservedHi, FreeBlocksHi              uint32 // 0x150
	MinExtraIsize, WantExtraIsize                   uint16 // 0x15C
	Flags                                           uint32 // 0x160
	RaidStride, MMPInterval                         uint16
	MMPBlock                                        uint64
	RaidStripe                                      uint32 // 0x170
	LogGroupsPerFlex, ChecksumType                  uint8
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

// ParseSuperblock reads the fields; only the magic is checked.
func ParseSuperblock(b []byte) (*Superblock, error) {
	s := new(Superblock)
	if _, err := binary.Decode(b, binary.LittleEndian, s); err != nil {
		return nil, Badf(SuperblockOffset, "superblock", fmt.Sprintf("%d bytes", len(b)), "%d", SuperblockSize)
	}
	if s.Magic != SuperblockMagic {
		return nil, Badf(SuperblockOffset+SuperMagic, "superblock magic", fmt.Sprintf("0x%04x", s.Magic), "0x%04x", SuperblockMagic)
	}
	if s.Rev < RevDynamic {
		s.InodeSize, s.FirstInode = OldInodeSize, OldFirstInode
		s.Compat, s.Incompat, s.ROCompat = 0, 0, 0
	}
	return s, nil
}

// Encode gives the superblock's 1024 bytes.
func (s *Superblock) Encode() ([]byte, error) {
	return binary.Append(make([]byte, 0, SuperblockSize), binary.LittleEndian, s)
}

// HasCompat tells whether one of the compatible features is on.
func (s *Superblock) HasCompat(bits uint32) bool { return s.Compat&bits != 0 }

// HasIncompat tells whether one of the incompatible features is on.
func (s *Superblock) HasIncompat(bits uint32) bool { return s.Incompat&bits != 0 }

// HasROCompat tells whether one of the read-only compatible features is on.
func (s *Superblock) HasROCompat(bits uint32) bool { return s.ROCompat&bits != 0 }

// Features names all features in dumpe2fs's order, without the read-only hack.
func (s *Superblock) Features() []string {
	out := append(CompatNames(s.Compat), IncompatNames(s.Incompat)...)
	return append(out, ROCompatNames(s.ROCompat&^ROCompatHack)...)
}

// Blocks is the file system's length in blocks.
func (s *Superblock) Blocks() uint64 { return s.wide(s.BlocksLo, s.BlocksHi) }

// FreeBlocks counts the blocks that are not in use.
func (s *Superblock) FreeBlocks() uint64 { return s.wide(s.FreeBlocksLo, s.FreeBlocksHi) }

// wide joins a low word with its high word, which counts only with 64bit.
func (s *Superblock) wide(lo, hi uint32) uint64 {
	if !s.HasIncompat(Incompat64Bit) {
		hi = 0
	}
	return uint64(hi)<<32 | uint64(lo)
}

// HasBackup tells whether a group starts with a superblock: the first with the
// primary one, the others with a copy.
func (s *Superblock) HasBackup(group uint64) bool {
	switch {
	case group == 0:
		return true
	case s.HasCompat(CompatSparse2):
		return group == uint64(s.BackupGroups[0]) || group == uint64(s.BackupGroups[1])
	case !s.HasROCompat(ROCompatSparseSuper):
		return true
	}
	return SparseGroup(group)
}

// SparseGroup is the rule of sparse_super: groups 0, 1 and the powers of 3, 5
// and 7 have a superblock.
func SparseGroup(group uint64) bool {
	if group <= 1 {
		return true
	}
	for _, base := range [...]uint64{3, 5, 7} {
		n := base
		for n < group {
			n *= base
		}
		if n == group {
			return true
		}
	}
	return false
}
