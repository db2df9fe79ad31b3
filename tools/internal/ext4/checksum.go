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

// crc32c goes on from a seed, without the inversions that package hash/crc32
// does at both ends.
func crc32c(seed uint32, b []byte) uint32 {
	return ^crc32.Update(^seed, crc32.MakeTable(crc32.Castagnoli), b)
}

func crc32cOf32(seed, n uint32) uint32 {
	return crc32c(seed, binary.LittleEndian.AppendUint32(nil, n))
}

// inodeSeed is where checksums that belong to an inode go on from; the
// generation of all inodes is 0.
func (s sums) inodeSeed(ino uint32) uint32 { return crc32cOf32(crc32cOf32(s.seed, ino), 0) }

const (
	leafTailSize = 12   // struct ext4_dir_entry_tail at the end of a block of names
	leafTailType = 0xDE // what makes it look like a record that is not in use
	dxTailSize   = 8    // struct dx_tail behind the entries of an index block
)

// dirTail is how many bytes of a block of names are for the checksum.
func (s sums) dirTail() int {
	if s.on {
		return leafTailSize
	}
	return 0
}

func (s sums) super(b []byte) {
	if s.on {
		binary.LittleEndian.PutUint32(b[0x3FC:], crc32c(1<<32-1, b[:0x3FC]))
	}
}

// desc finishes a group descriptor with the sums of the group's bitmaps.
func (s sums) desc(d []byte, group uint64, blocks, inodes []byte) {
	if !s.on {
		return
	}
	le := binary.LittleEndian
	b, i := crc32c(s.seed, blocks), crc32c(s.seed, inodes)
	le.PutUint16(d[0x18:], uint16(b))
	le.PutUint16(d[0x38:], uint16(b>>16))
	le.PutUint16(d[0x1A:], uint16(i))
	le.PutUint16(d[0x3A:], uint16(i>>16))
	le.PutUint16(d[0x1E:], uint16(crc32c(crc32cOf32(s.seed, uint32(group)), d)))
}

func (s sums) inode(b []byte, ino uint32) {
	if !s.on {
		return
	}
	sum := crc32c(s.inodeSeed(ino), b)
	binary.LittleEndian.PutUint16(b[0x7C:], uint16(sum))
	binary.LittleEndian.PutUint16(b[0x82:], uint16(sum>>16))
}

// names finishes a block of names.
func (s sums) names(b []byte, ino uint32) {
	if !s.on {
		return
	}
	tail := b[len(b)-leafTailSize:]
	tail[4], tail[7] = leafTailSize, leafTailType
	binary.LittleEndian.PutUint32(tail[8:], crc32c(s.inodeSeed(ino), b[:len(b)-leafTailSize]))
}

// index finishes an index block whose limit and count are at a byte.
func (s sums) index(b []byte, ino uint32, at int) {
	if !s.on {
		return
	}
	limit, count := int(binary.LittleEndian.Uint16(b[at:])), int(binary.LittleEndian.Uint16(b[at+2:]))
	tail := b[at+8*limit:][:dxTailSize]
	sum := crc32c(s.inodeSeed(ino), b[:at+8*count])
	binary.LittleEndian.PutUint32(tail[4:], crc32c(sum, tail))
}

// extents finishes a block of an extent tree.
func (s sums) extents(b []byte, ino uint32) {
	if s.on {
		end := extentHeader + extentsInBlock*extentEntry
		binary.LittleEndian.PutUint32(b[end:], crc32c(s.inodeSeed(ino), b[:end]))
	}
}

// xattrs finishes an attribute block.
func (s sums) xattrs(b []byte, block uint64) {
	if s.on {
		sum := crc32c(s.seed, binary.LittleEndian.AppendUint64(nil, block))
		binary.LittleEndian.PutUint32(b[16:], crc32c(sum, b))
	}
}
