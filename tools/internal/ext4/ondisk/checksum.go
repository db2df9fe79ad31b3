package ondisk

import (
	"encoding/binary"
	"hash/crc32"
)

// Checksums are the rules of metadata_csum for one file system: everything but
// contents has a checksum, in a place that the structure's file tells. All are
// CRC-32C without the last inversion, started with what says where the thing
// belongs, so that a block in a wrong place does not pass (checksums.rst; Linux:
// ext4_*_csum in fs/ext4/; e2fsprogs: lib/ext2fs/csum.c). A structure's own
// checksum counts as zero.
type Checksums struct {
	Enabled bool // or else nothing has a checksum
	seed    crc
}

// NewChecksums gives the rules of a file system by its UUID.
func NewChecksums(uuid [16]byte) Checksums { return Checksums{true, crcStart.bytes(uuid[:])} }

// Checksums gives the rules of the superblock's file system.
func (s *Superblock) Checksums() Checksums {
	switch {
	case !s.HasROCompat(ROCompatMetadataCsum):
		return Checksums{}
	case s.HasIncompat(IncompatCsumSeed):
		return Checksums{true, crc(s.ChecksumSeed)}
	}
	return NewChecksums(s.UUID)
}

// SuperblockSum is the checksum of an encoded superblock.
func SuperblockSum(b []byte) uint32 { return uint32(crcStart.bytes(b[:SuperChecksum])) }

// Bitmap is the checksum of a group's bitmap, which is in the descriptor: of all
// of a bitmap of blocks, and of the bytes with a bit for an inode.
func (c Checksums) Bitmap(b []byte) uint32 { return uint32(c.seed.bytes(b)) }

// GroupDesc is the checksum of the encoded descriptor of a group, which keeps
// the lower 16 bits.
func (c Checksums) GroupDesc(b []byte, group uint64) uint16 {
	const at = GroupChecksumOffset
	return uint16(c.seed.word(uint32(group)).bytes(b[:at]).zeros(2).bytes(b[at+2:]))
}

// GroupDescSum is the checksum that a superblock's features want of the encoded
// descriptor of a group: that of metadata_csum, the CRC-16 of uninit_bg, or none.
func (s *Superblock) GroupDescSum(b []byte, group uint64) uint16 {
	const at = GroupChecksumOffset
	switch {
	case s.HasROCompat(ROCompatMetadataCsum):
		return s.Checksums().GroupDesc(b, group)
	case s.HasROCompat(ROCompatGDTCsum):
		sum := crc16(0xFFFF, s.UUID[:])
		sum = crc16(sum, binary.LittleEndian.AppendUint32(nil, uint32(group)))
		return crc16(crc16(sum, b[:at]), b[at+2:])
	}
	return 0
}

// crc16 is Linux' (lib/crc16.c): x^16 + x^15 + x^2 + 1, the lowest bit first.
func crc16(sum uint16, p []byte) uint16 {
	for _, c := range p {
		sum ^= uint16(c)
		for range 8 {
			sum = sum>>1 ^ sum&1*0xA001
		}
	}
	return sum
}

// XAttrBlock is the checksum of a block of attributes, by the block it is in.
func (c Checksums) XAttrBlock(b []byte, block uint64) uint32 {
	const at = XAttrChecksumOffset
	sum := c.seed.word(uint32(block)).word(uint32(block >> 32))
	return uint32(sum.bytes(b[:at]).zeros(4).bytes(b[at+4:]))
}

// InodeSums are the rules for an inode and for what belongs to it alone.
type InodeSums struct{ seed crc }

// Of gives the rules for an inode by its number and generation.
func (c Checksums) Of(inode, generation uint32) InodeSums {
	return InodeSums{c.seed.word(inode).word(generation)}
}

// Inode is the checksum of an encoded inode, 16 bits where there is no room for
// more.
func (s InodeSums) Inode(b []byte) uint32 {
	const lo, hi = inodeChecksum, inodeChecksumHi
	sum := s.seed.bytes(b[:lo]).zeros(2)
	if !hasChecksumHi(b) {
		return uint32(uint16(sum.bytes(b[lo+2:])))
	}
	return uint32(sum.bytes(b[lo+2 : hi]).zeros(2).bytes(b[hi+2:]))
}

// ExtentNode is the checksum of a node of an extent tree up to its tail.
func (s InodeSums) ExtentNode(b []byte) uint32 { return uint32(s.seed.bytes(b)) }

// DirBlock is the checksum of a block of directory entries up to its tail.
func (s InodeSums) DirBlock(b []byte) uint32 { return uint32(s.seed.bytes(b)) }

// DxNode is the checksum of a block of a directory's index, whose index entries
// start at a byte: of those in use, and of the tail.
func (s InodeSums) DxNode(b []byte, at int, c DxCount) uint32 {
	tail := b[c.Tail(at):]
	return uint32(s.seed.bytes(b[:at+DxEntrySize*c.Count]).bytes(tail[:DxTailSumAt]).zeros(4))
}

// crc is a CRC-32C as Linux' crc32c() has it, without the inversions that
// package hash/crc32 does at both ends.
type crc uint32

const crcStart = ^crc(0)

func (c crc) bytes(p []byte) crc {
	return ^crc(crc32.Update(uint32(^c), crc32.MakeTable(crc32.Castagnoli), p))
}

// word goes on with a little-endian number. It allocates nothing, as four bytes
// for crc32.Update would.
func (c crc) word(n uint32) crc {
	t := crc32.MakeTable(crc32.Castagnoli)
	for range 4 {
		c, n = crc(t[uint8(c)^uint8(n)])^c>>8, n>>8
	}
	return c
}

// zeros goes on with n bytes of zeros.
func (c crc) zeros(n int) crc {
	t := crc32.MakeTable(crc32.Castagnoli)
	for range n {
		c = crc(t[uint8(c)]) ^ c>>8
	}
	return c
}
