package ext4

import (
	"encoding/binary"
	"hash/crc32"
)

// sums puts metadata_csum's checksums where they belong, or does nothing where
// a file system has none. All are crc32c that go on from a seed made of the
// UUID; what belongs to an inode goes on from the inode's number as well.
// (Linux: ext4_*_csum in fs/ext4/; e2fsprogs: lib/ext2fs/csum.c.)
type sums struct {
	on   bool
	seed uint32
}

// crc goes on with CRC-32C as Linux' crc32c() does, without the inversions that
// package hash/crc32 does at both ends.
func crc(sum uint32, parts ...[]byte) uint32 {
	for _, p := range parts {
		sum = ^crc32.Update(^sum, crc32.MakeTable(crc32.Castagnoli), p)
	}
	return sum
}

func word(n uint32) []byte { return binary.LittleEndian.AppendUint32(nil, n) }

// inodeSeed is where checksums that belong to an inode go on from; the
// generation of all inodes is 0.
func (s sums) inodeSeed(ino uint32) uint32 { return crc(s.seed, word(ino), word(0)) }

const (
	dirTailSize = 12   // struct ext4_dir_entry_tail at the end of a block of names
	dirTailType = 0xDE // what makes it look like a record that is not in use
	dxTailSize  = 8    // struct dx_tail behind the entries of an index block
)

// dirTail is how many bytes of a block of names are for the checksum.
func (s sums) dirTail() int {
	if s.on {
		return dirTailSize
	}
	return 0
}

func (s sums) super(b []byte) {
	if s.on {
		binary.LittleEndian.PutUint32(b[superSumOffset:], crc(^uint32(0), b[:superSumOffset]))
	}
}

// desc finishes a group descriptor with the sums of the group's bitmaps.
func (s sums) desc(d []byte, group uint64, blocks, inodes []byte) {
	if !s.on {
		return
	}
	le := binary.LittleEndian
	b, i := crc(s.seed, blocks), crc(s.seed, inodes)
	le.PutUint16(d[0x18:], uint16(b))
	le.PutUint16(d[0x38:], uint16(b>>16))
	le.PutUint16(d[0x1A:], uint16(i))
	le.PutUint16(d[0x3A:], uint16(i>>16))
	le.PutUint16(d[groupSumOffset:], uint16(crc(s.seed, word(uint32(group)), d)))
}

func (s sums) inode(b []byte, ino uint32) {
	if !s.on {
		return
	}
	sum := crc(s.inodeSeed(ino), b)
	binary.LittleEndian.PutUint16(b[inodeSumLoOffset:], uint16(sum))
	binary.LittleEndian.PutUint16(b[inodeSumHiOffset:], uint16(sum>>16))
}

// names finishes a block of names.
func (s sums) names(b []byte, ino uint32) {
	if !s.on {
		return
	}
	tail := b[len(b)-dirTailSize:]
	tail[4], tail[7] = dirTailSize, dirTailType
	binary.LittleEndian.PutUint32(tail[8:], crc(s.inodeSeed(ino), b[:len(b)-dirTailSize]))
}

// index finishes an index block whose limit and count are at a byte.
func (s sums) index(b []byte, ino uint32, at int) {
	if !s.on {
		return
	}
	limit, count := int(binary.LittleEndian.Uint16(b[at:])), int(binary.LittleEndian.Uint16(b[at+2:]))
	tail := b[at+8*limit:][:dxTailSize]
	binary.LittleEndian.PutUint32(tail[4:], crc(s.inodeSeed(ino), b[:at+8*count], tail))
}

// extents finishes a block of an extent tree.
func (s sums) extents(b []byte, ino uint32) {
	if s.on {
		end := extentHeader + extentsInBlock*extentEntry
		binary.LittleEndian.PutUint32(b[end:], crc(s.inodeSeed(ino), b[:end]))
	}
}

// xattrs finishes an attribute block.
func (s sums) xattrs(b []byte, block uint64) {
	if s.on {
		place := binary.LittleEndian.AppendUint64(nil, block)
		binary.LittleEndian.PutUint32(b[xattrSumOffset:], crc(s.seed, place, b))
	}
}
