package ondisk

import (
	"encoding/binary"
	"time"
)

// Numbers of inodes (special_inodes.rst).
const (
	RootInode     = 2
	ResizeInode   = 7 // holds blocks for group descriptors to come
	JournalInode  = 8
	OldFirstInode = 11 // the first that is not reserved in revision 0, and usually later: lost+found
)

// Lengths of an inode.
const (
	OldInodeSize = 128 // all of it in revision 0, the fixed part later
	ExtraIsize   = 32  // fields behind that: all up to i_projid
	SectorSize   = 512 // what i_blocks counts
)

// Byte offsets of fields within an inode, for who says where one is wrong.
const (
	InodeSizeOffset     = 0x04
	InodeFlagsOffset    = 0x20
	InodeBlockOffset    = 0x28
	InodeFileACLOffset  = 0x68
	InodeChecksumOffset = 0x7C
)

// InodeBlockSize is the length of i_block: it maps the content, or holds a short
// symbolic link, a device number, or the start of inline data.
const InodeBlockSize = 60

// Flags of an inode (i_flags).
const (
	FlagEncrypt    = 0x00000800
	FlagIndex      = 0x00001000 // directory has a hash tree
	FlagHugeFile   = 0x00040000 // i_blocks counts blocks of the file system
	FlagExtents    = 0x00080000 // i_block is an extent tree's root, not a block map
	FlagEAInode    = 0x00200000 // content is the value of an extended attribute
	FlagInlineData = 0x10000000
)

// Byte offsets of the other fields; Hi are upper halves, Extra what nanoseconds
// and more years a time has.
const (
	inodeMode                      = 0x00
	inodeUID, inodeUIDHi           = 0x02, 0x78
	inodeGID, inodeGIDHi           = 0x18, 0x7A
	inodeSize, inodeSizeHi         = InodeSizeOffset, 0x6C
	inodeLinks                     = 0x1A
	inodeSectors, inodeSectorsHi   = 0x1C, 0x74
	inodeGeneration                = 0x64
	inodeFileACL, inodeFileACLHi   = InodeFileACLOffset, 0x76
	inodeChecksum, inodeChecksumHi = InodeChecksumOffset, 0x82
	inodeExtraSize                 = OldInodeSize
	inodeATime, inodeATimeExtra    = 0x08, 0x8C
	inodeCTime, inodeCTimeExtra    = 0x0C, 0x84
	inodeMTime, inodeMTimeExtra    = 0x10, 0x88
	inodeCrTime, inodeCrTimeExtra  = 0x90, 0x94
)

// Inode is struct ext4_inode (inodes.rst).
type Inode struct {
	Mode       uint16 // file type and permissions, as st_mode
	Links      uint16
	UID, GID   uint32
	Size       uint64 // bytes; the upper half counts for files, and for directories with large_dir
	Sectors    uint64 // of 512 bytes: 48 bits
	Flags      uint32
	Generation uint32
	FileACL    uint64 // block of extended attributes: 48 bits with 64bit, or else 32
	ExtraSize  int    // bytes in use behind the first 128; the attributes in the inode follow
	Checksum   uint32 // the lower 16 bits where there is no room for more: see InodeSums.Inode

	ATime, CTime, MTime time.Time
	CrTime              time.Time // zero where there is no room for it

	Block [InodeBlockSize]byte
}

// ParseInode reads an inode, which is as long as b is. No value is refused.
func ParseInode(b []byte) Inode {
	le := binary.LittleEndian
	halves := func(lo, hi int) uint32 { return uint32(le.Uint16(b[lo:])) | uint32(le.Uint16(b[hi:]))<<16 }
	i := Inode{
		Mode: le.Uint16(b[inodeMode:]), Links: le.Uint16(b[inodeLinks:]),
		UID: halves(inodeUID, inodeUIDHi), GID: halves(inodeGID, inodeGIDHi),
		Size:    uint64(le.Uint32(b[inodeSize:])) | uint64(le.Uint32(b[inodeSizeHi:]))<<32,
		Sectors: uint64(le.Uint32(b[inodeSectors:])) | uint64(le.Uint16(b[inodeSectorsHi:]))<<32,
		Flags:   le.Uint32(b[InodeFlagsOffset:]), Generation: le.Uint32(b[inodeGeneration:]),
		FileACL:   uint64(le.Uint32(b[inodeFileACL:])) | uint64(le.Uint16(b[inodeFileACLHi:]))<<32,
		ExtraSize: extraSize(b),
		Checksum:  uint32(le.Uint16(b[inodeChecksum:])),
		Block:     [InodeBlockSize]byte(b[InodeBlockOffset:]),
	}
	if hasChecksumHi(b) {
		i.Checksum |= uint32(le.Uint16(b[inodeChecksumHi:])) << 16
	}
	word := func(off int) uint32 {
		if off+4 > OldInodeSize+i.ExtraSize {
			return 0
		}
		return le.Uint32(b[off:])
	}
	i.ATime = DecodeTime(word(inodeATime), word(inodeATimeExtra))
	i.CTime = DecodeTime(word(inodeCTime), word(inodeCTimeExtra))
	i.MTime = DecodeTime(word(inodeMTime), word(inodeMTimeExtra))
	if OldInodeSize+i.ExtraSize >= inodeCrTimeExtra+4 {
		i.CrTime = DecodeTime(word(inodeCrTime), word(inodeCrTimeExtra))
	}
	return i
}

// extraSize gives i_extra_isize, or 0 where it cannot be.
func extraSize(b []byte) int {
	if len(b) < OldInodeSize+2 {
		return 0
	}
	n := int(binary.LittleEndian.Uint16(b[inodeExtraSize:]))
	if n > len(b)-OldInodeSize || n%4 != 0 {
		return 0 // Linux refuses such an inode; here only what lies there is given up
	}
	return n
}

// hasChecksumHi tells whether there is room for 32 bits of checksum.
func hasChecksumHi(b []byte) bool { return OldInodeSize+extraSize(b) >= inodeChecksumHi+2 }

// Put writes an inode to b, which is zero or has the inode that this one was
// parsed from, and has room for ExtraSize; what else there is in b stays. Times
// for which there is no room are left out. The checksum comes last, as it is
// made of the bytes: see PutInodeChecksum.
func (i *Inode) Put(b []byte) {
	le := binary.LittleEndian
	le.PutUint16(b[inodeMode:], i.Mode)
	le.PutUint16(b[inodeUID:], uint16(i.UID))
	le.PutUint32(b[inodeSize:], uint32(i.Size))
	le.PutUint16(b[inodeGID:], uint16(i.GID))
	le.PutUint16(b[inodeLinks:], i.Links)
	le.PutUint32(b[inodeSectors:], uint32(i.Sectors))
	le.PutUint32(b[InodeFlagsOffset:], i.Flags)
	copy(b[InodeBlockOffset:], i.Block[:])
	le.PutUint32(b[inodeGeneration:], i.Generation)
	le.PutUint32(b[inodeFileACL:], uint32(i.FileACL))
	le.PutUint32(b[inodeSizeHi:], uint32(i.Size>>32))
	le.PutUint16(b[inodeSectorsHi:], uint16(i.Sectors>>32))
	le.PutUint16(b[inodeFileACLHi:], uint16(i.FileACL>>32))
	le.PutUint16(b[inodeUIDHi:], uint16(i.UID>>16))
	le.PutUint16(b[inodeGIDHi:], uint16(i.GID>>16))
	if len(b) > OldInodeSize {
		le.PutUint16(b[inodeExtraSize:], uint16(i.ExtraSize))
	}
	room := b[:OldInodeSize+i.ExtraSize]
	putTime(room, inodeATime, inodeATimeExtra, i.ATime)
	putTime(room, inodeCTime, inodeCTimeExtra, i.CTime)
	putTime(room, inodeMTime, inodeMTimeExtra, i.MTime)
	putTime(room, inodeCrTime, inodeCrTimeExtra, i.CrTime)
	PutInodeChecksum(b, i.Checksum)
}

func putTime(room []byte, at, extraAt int, t time.Time) {
	sec, extra := EncodeTime(t)
	if at+4 <= len(room) {
		binary.LittleEndian.PutUint32(room[at:], sec)
	}
	if extraAt+4 <= len(room) {
		binary.LittleEndian.PutUint32(room[extraAt:], extra)
	}
}

// PutInodeChecksum sets the checksum of an encoded inode, as much of it as
// there is room for.
func PutInodeChecksum(b []byte, sum uint32) {
	binary.LittleEndian.PutUint16(b[inodeChecksum:], uint16(sum))
	if hasChecksumHi(b) {
		binary.LittleEndian.PutUint16(b[inodeChecksumHi:], uint16(sum>>16))
	}
}
