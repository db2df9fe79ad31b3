package ext4

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// Where the feature metadata_csum is on, everything that is read but content
// has a checksum, and what it does not fit is refused as Linux refuses it:
// superblock, group descriptors, inodes, extent nodes, directory blocks and
// attribute blocks. All are CRC-32C without the last inversion, started with
// what says where the thing belongs, so that a block in a wrong place does not
// pass (Documentation/filesystems/ext4/checksums.rst). The CRC-16 that
// uninit_bg puts on group descriptors is not looked at.
const (
	roCompatVerify   = 0x0400 // metadata_csum
	incompatSeed     = 0x2000 // metadata_csum_seed
	checksumCRC32C   = 1      // s_checksum_type
	superSumOffset   = 0x3FC
	groupSumOffset   = 0x1E
	inodeSumLoOffset = 0x7C
	inodeSumHiOffset = 0x82
	xattrSumOffset   = 0x10
	dirTailSize      = 12 // a record without inode, of type 0xDE
	dirTailType      = 0xDE
)

// verifier knows what the checksums of a file system start with.
type verifier struct {
	on   bool
	seed uint32
}

// crc goes on with CRC-32C as Linux' crc32c() does.
func crc(sum uint32, parts ...[]byte) uint32 {
	for _, p := range parts {
		sum = ^crc32.Update(^sum, crc32.MakeTable(crc32.Castagnoli), p)
	}
	return sum
}

func word(n uint32) []byte { return binary.LittleEndian.AppendUint32(nil, n) }

func wrongSum(at int64, found, want uint32, what string, args ...any) error {
	return badf(at, "checksum of "+fmt.Sprintf(what, args...), fmt.Sprintf("0x%08x", found), "0x%08x", want)
}

// newVerifier checks the superblock's own checksum. That of ChromeOS is from
// before the read-only hack, which changes one byte and nothing else.
func newVerifier(s *superblock, b []byte) (v verifier, err error) {
	if s.ROCompat&roCompatVerify == 0 {
		return v, nil
	}
	if s.ChecksumType != checksumCRC32C {
		return v, badf(superOffset+0x175, "checksum type", s.ChecksumType, "%d, crc32c", checksumCRC32C)
	}
	before := bytes.Clone(b[:superSumOffset])
	before[0x67] &^= roCompatHack >> 24
	if want := crc(^uint32(0), b[:superSumOffset]); want != s.Checksum && crc(^uint32(0), before) != s.Checksum {
		return v, wrongSum(superOffset+superSumOffset, s.Checksum, want, "superblock")
	}
	if s.has(incompatSeed) {
		return verifier{true, s.ChecksumSeed}, nil
	}
	return verifier{true, crc(^uint32(0), s.UUID[:])}, nil
}

// group checks descriptor b of group g, of which 16 bits are kept.
func (v verifier) group(g uint64, b []byte, at int64) error {
	if !v.on {
		return nil
	}
	found := binary.LittleEndian.Uint16(b[groupSumOffset:])
	want := uint16(crc(v.seed, word(uint32(g)), b[:groupSumOffset], make([]byte, 2), b[groupSumOffset+2:]))
	if found != want {
		return wrongSum(at+groupSumOffset, uint32(found), uint32(want), "descriptor of group %d", g)
	}
	return nil
}

// seed is what the checksums of an inode, its extent nodes and its directory
// blocks start with.
func (i *Inode) seed() uint32 {
	const generation = 0x64
	return crc(i.fs.verify.seed, word(i.Ino), i.raw[generation:generation+4])
}

// checkSum checks the inode's own checksum, of which old inodes keep 16 bits.
func (i *Inode) checkSum() error {
	if !i.fs.verify.on {
		return nil
	}
	le := binary.LittleEndian
	raw := bytes.Clone(i.raw)
	found, mask := uint32(le.Uint16(raw[inodeSumLoOffset:])), uint32(0xFFFF)
	clear(raw[inodeSumLoOffset : inodeSumLoOffset+2])
	if oldInodeSize+i.extra() >= inodeSumHiOffset+2 {
		found, mask = found|uint32(le.Uint16(raw[inodeSumHiOffset:]))<<16, ^uint32(0)
		clear(raw[inodeSumHiOffset : inodeSumHiOffset+2])
	}
	if want := crc(i.seed(), raw) & mask; found != want {
		return wrongSum(i.pos+inodeSumLoOffset, found, want, "inode %d", i.Ino)
	}
	return nil
}

// checkTail compares the checksum of data, a part of a block at pos, with the
// one that is at the end of the block or wherever tail is in it.
func (i *Inode) checkTail(data, tail []byte, pos int64, what string) error {
	found := binary.LittleEndian.Uint32(tail)
	if want := crc(i.seed(), data); found != want {
		return wrongSum(pos, found, want, "%s of inode %d", what, i.Ino)
	}
	return nil
}

// checkExtentBlock checks a node of an extent tree that has its own block: the
// checksum follows the room for entries.
func (i *Inode) checkExtentBlock(b []byte, pos int64) error {
	if !i.fs.verify.on {
		return nil
	}
	room := int(binary.LittleEndian.Uint16(b[4:]))
	end := extentHeader + room*extentEntry
	if end+4 > len(b) {
		return badf(pos+4, "room of an extent node", room, "at most %d entries", (len(b)-extentHeader-4)/extentEntry)
	}
	return i.checkTail(b[:end], b[end:], pos+int64(end), "extent node")
}

// checkDirBlock checks block l of a directory: names end with a record that
// has the checksum, the nodes of a hash tree with eight bytes behind the room
// for their entries (dx_tail in fs/ext4/namei.c).
func (i *Inode) checkDirBlock(l uint64, b []byte, pos int64) error {
	if !i.fs.verify.on {
		return nil
	}
	le := binary.LittleEndian
	node := l > 0 && le.Uint32(b) == 0 && int(le.Uint16(b[4:])) == len(b)
	if i.Flags&flagIndex != 0 && (l == 0 || node) {
		return i.checkHashNode(b, pos, node)
	}
	tail := b[len(b)-dirTailSize:]
	if le.Uint32(tail) != 0 || le.Uint16(tail[4:]) != dirTailSize || tail[6] != 0 || tail[7] != dirTailType {
		return badf(pos+int64(len(b)-dirTailSize), fmt.Sprintf("end of a directory block of inode %d", i.Ino), fmt.Sprintf("% x", tail), "a checksum's record")
	}
	return i.checkTail(b[:len(b)-dirTailSize], tail[8:], pos+int64(len(b)-4), "directory block")
}

func (i *Inode) checkHashNode(b []byte, pos int64, node bool) error {
	le := binary.LittleEndian
	head := 32 // "." and "..", and what kind of tree it is
	if node {
		head = 8
	}
	room, count := int(le.Uint16(b[head:])), int(le.Uint16(b[head+2:]))
	end := head + 8*room
	if end+8 > len(b) || count > room {
		return badf(pos+int64(head), fmt.Sprintf("hash tree node of inode %d", i.Ino), fmt.Sprintf("%d of %d entries", count, room), "at most %d", (len(b)-head-8)/8)
	}
	data := append(bytes.Clone(b[:head+8*count]), b[end:end+4]...)
	return i.checkTail(append(data, 0, 0, 0, 0), b[end+4:], pos+int64(end+4), "hash tree node")
}

// checkXAttrBlock checks block n of attributes, which inodes may share.
func (v verifier) checkXAttrBlock(n uint64, b []byte, pos int64) error {
	if !v.on {
		return nil
	}
	found := binary.LittleEndian.Uint32(b[xattrSumOffset:])
	place := binary.LittleEndian.AppendUint64(nil, n)
	if want := crc(v.seed, place, b[:xattrSumOffset], make([]byte, 4), b[xattrSumOffset+4:]); found != want {
		return wrongSum(pos+xattrSumOffset, found, want, "attribute block %d", n)
	}
	return nil
}
