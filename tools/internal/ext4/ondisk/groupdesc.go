package ondisk

import "encoding/binary"

// Lengths of a group descriptor. Without the feature 64bit it is the least;
// with it s_desc_size says which power of two it is.
const (
	GroupDescSize    = 32
	GroupDesc64Size  = 64
	MaxGroupDescSize = 1024
)

// Flags of a group descriptor (bg_flags). They mean something only where
// descriptors have a checksum: with uninit_bg or metadata_csum.
const (
	GroupInodeUninit = 0x1 // no inode of the group was ever written
	GroupBlockUninit = 0x2 // the block bitmap was never written
	GroupTableZeroed = 0x4 // the rest of the inode table is zeros
)

// GroupChecksumOffset is where bg_checksum is in a group descriptor.
const GroupChecksumOffset = 0x1E

// Byte offsets of the other fields. The numbers of the first 32 bytes are the
// lower halves; the upper ones, at the right, are only in longer descriptors.
const (
	groupBlockBitmap, groupBlockBitmapHi       = 0x00, 0x20
	groupInodeBitmap, groupInodeBitmapHi       = 0x04, 0x24
	groupInodeTable, groupInodeTableHi         = 0x08, 0x28
	groupFreeBlocks, groupFreeBlocksHi         = 0x0C, 0x2C
	groupFreeInodes, groupFreeInodesHi         = 0x0E, 0x2E
	groupDirs, groupDirsHi                     = 0x10, 0x30
	groupFlags                                 = 0x12
	groupBlockBitmapSum, groupBlockBitmapSumHi = 0x18, 0x38
	groupInodeBitmapSum, groupInodeBitmapSumHi = 0x1A, 0x3A
	groupUnusedInodes, groupUnusedInodesHi     = 0x1C, 0x32
)

// GroupInodeTableOffset is where the place of the inode table is in a group
// descriptor, for who says that it is wrong.
const GroupInodeTableOffset = groupInodeTable

// GroupDesc is struct ext4_group_desc: where a group's metadata lies and what is
// left in it (group_descr.rst).
type GroupDesc struct {
	BlockBitmap, InodeBitmap uint64 // blocks
	InodeTable               uint64 // the first of its blocks
	FreeBlocks, FreeInodes   uint32
	Dirs                     uint32 // inodes that are directories
	UnusedInodes             uint32 // at the end of the table, never written: bg_itable_unused
	Flags                    uint16
	BlockBitmapSum           uint32 // Checksums.Bitmap; the lower 16 bits of it in 32 bytes
	InodeBitmapSum           uint32
	Checksum                 uint16 // Checksums.GroupDesc, or the CRC-16 of uninit_bg
}

// ParseGroupDesc reads a descriptor, which is as long as b is.
func ParseGroupDesc(b []byte) GroupDesc {
	le := binary.LittleEndian
	d := GroupDesc{
		BlockBitmap:    uint64(le.Uint32(b[groupBlockBitmap:])),
		InodeBitmap:    uint64(le.Uint32(b[groupInodeBitmap:])),
		InodeTable:     uint64(le.Uint32(b[groupInodeTable:])),
		FreeBlocks:     uint32(le.Uint16(b[groupFreeBlocks:])),
		FreeInodes:     uint32(le.Uint16(b[groupFreeInodes:])),
		Dirs:           uint32(le.Uint16(b[groupDirs:])),
		UnusedInodes:   uint32(le.Uint16(b[groupUnusedInodes:])),
		Flags:          le.Uint16(b[groupFlags:]),
		BlockBitmapSum: uint32(le.Uint16(b[groupBlockBitmapSum:])),
		InodeBitmapSum: uint32(le.Uint16(b[groupInodeBitmapSum:])),
		Checksum:       le.Uint16(b[GroupChecksumOffset:]),
	}
	if len(b) < GroupDesc64Size {
		return d
	}
	d.BlockBitmap |= uint64(le.Uint32(b[groupBlockBitmapHi:])) << 32
	d.InodeBitmap |= uint64(le.Uint32(b[groupInodeBitmapHi:])) << 32
	d.InodeTable |= uint64(le.Uint32(b[groupInodeTableHi:])) << 32
	d.FreeBlocks |= uint32(le.Uint16(b[groupFreeBlocksHi:])) << 16
	d.FreeInodes |= uint32(le.Uint16(b[groupFreeInodesHi:])) << 16
	d.Dirs |= uint32(le.Uint16(b[groupDirsHi:])) << 16
	d.UnusedInodes |= uint32(le.Uint16(b[groupUnusedInodesHi:])) << 16
	d.BlockBitmapSum |= uint32(le.Uint16(b[groupBlockBitmapSumHi:])) << 16
	d.InodeBitmapSum |= uint32(le.Uint16(b[groupInodeBitmapSumHi:])) << 16
	return d
}

// Put writes a descriptor, which is as long as b is. Upper halves for which 32
// bytes have no room are left out. The checksum comes last, as it is made of
// the bytes: see PutGroupChecksum.
func (d *GroupDesc) Put(b []byte) {
	le := binary.LittleEndian
	le.PutUint32(b[groupBlockBitmap:], uint32(d.BlockBitmap))
	le.PutUint32(b[groupInodeBitmap:], uint32(d.InodeBitmap))
	le.PutUint32(b[groupInodeTable:], uint32(d.InodeTable))
	le.PutUint16(b[groupFreeBlocks:], uint16(d.FreeBlocks))
	le.PutUint16(b[groupFreeInodes:], uint16(d.FreeInodes))
	le.PutUint16(b[groupDirs:], uint16(d.Dirs))
	le.PutUint16(b[groupUnusedInodes:], uint16(d.UnusedInodes))
	le.PutUint16(b[groupFlags:], d.Flags)
	le.PutUint16(b[groupBlockBitmapSum:], uint16(d.BlockBitmapSum))
	le.PutUint16(b[groupInodeBitmapSum:], uint16(d.InodeBitmapSum))
	PutGroupChecksum(b, d.Checksum)
	if len(b) < GroupDesc64Size {
		return
	}
	le.PutUint32(b[groupBlockBitmapHi:], uint32(d.BlockBitmap>>32))
	le.PutUint32(b[groupInodeBitmapHi:], uint32(d.InodeBitmap>>32))
	le.PutUint32(b[groupInodeTableHi:], uint32(d.InodeTable>>32))
	le.PutUint16(b[groupFreeBlocksHi:], uint16(d.FreeBlocks>>16))
	le.PutUint16(b[groupFreeInodesHi:], uint16(d.FreeInodes>>16))
	le.PutUint16(b[groupDirsHi:], uint16(d.Dirs>>16))
	le.PutUint16(b[groupUnusedInodesHi:], uint16(d.UnusedInodes>>16))
	le.PutUint16(b[groupBlockBitmapSumHi:], uint16(d.BlockBitmapSum>>16))
	le.PutUint16(b[groupInodeBitmapSumHi:], uint16(d.InodeBitmapSum>>16))
}

// PutGroupChecksum sets the checksum of an encoded descriptor.
func PutGroupChecksum(b []byte, sum uint16) {
	binary.LittleEndian.PutUint16(b[GroupChecksumOffset:], sum)
}
