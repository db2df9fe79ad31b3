package ondisk

import (
	"encoding/binary"
	"fmt"
)

// Extended attributes lie behind the inode's fields, in one block of their
// own, or both (attributes.rst). Either way there is a header, a list of 16-byte
// entries, each followed by the name without its prefix, and values that the
// entries point to. The header in an inode is the magic alone.
const (
	XAttrMagic           = 0xEA020000
	XAttrInodeHeaderSize = 4
	XAttrHeaderSize      = 32
	XAttrEntrySize       = 16
	XAttrEndSize         = 4 // of zeros behind the last entry
	XAttrChecksumOffset  = 0x10
)

// Byte offsets within an entry, for who says where one is wrong.
const (
	XAttrValueOffset      = 2
	XAttrValueInodeOffset = 4
	xattrValueSize        = 8
	xattrHash             = 12
)

// Byte offsets within the header of a block.
const (
	xattrReferences = 4
	xattrBlocks     = 8
	xattrBlockHash  = 12
)

// Name indexes (e_name_index): what stands for the prefix of a name.
const (
	XAttrUser       = 1
	XAttrACLAccess  = 2
	XAttrACLDefault = 3
	XAttrTrusted    = 4
	XAttrSecurity   = 6
	XAttrSystem     = 7 // its attribute "data" is inline data
	XAttrRichACL    = 8
)

// XAttrPrefix gives the prefix for a name index, "" for one that is none. That
// of an ACL is the whole name.
func XAttrPrefix(index uint8) string {
	switch index {
	case XAttrUser:
		return "user."
	case XAttrACLAccess:
		return ACLAccess
	case XAttrACLDefault:
		return ACLDefault
	case XAttrTrusted:
		return "trusted."
	case XAttrSecurity:
		return "security."
	case XAttrSystem:
		return "system."
	case XAttrRichACL:
		return "system.richacl"
	}
	return ""
}

// XAttrPad is the room that a name or a value of n bytes takes.
func XAttrPad(n int) int { return align4(n) }

// XAttrEntry is struct ext4_xattr_entry.
type XAttrEntry struct {
	Index       uint8
	Name        string // without prefix
	ValueOffset uint16 // from the first entry, in a block from its start
	ValueInode  uint32 // which has the value as its content, or 0
	ValueSize   uint32
	Hash        uint32 // XAttrHash
}

// Len is the length of an entry with its name.
func (e *XAttrEntry) Len() int { return XAttrEntrySize + XAttrPad(len(e.Name)) }

// ParseXAttrEntry reads the entry at the start of b. Where the list ends, more
// is false.
func ParseXAttrEntry(b []byte, at int64) (e XAttrEntry, more bool, err error) {
	le := binary.LittleEndian
	if len(b) < XAttrEndSize || le.Uint32(b) == 0 {
		return e, false, nil
	}
	size := XAttrEntrySize + int(b[0])
	if len(b) < size {
		return e, false, Badf(at, "attribute entry", fmt.Sprintf("%d bytes left", len(b)), "%d", size)
	}
	return XAttrEntry{
		Index: b[1], Name: string(b[XAttrEntrySize:size]),
		ValueOffset: le.Uint16(b[XAttrValueOffset:]), ValueInode: le.Uint32(b[XAttrValueInodeOffset:]),
		ValueSize: le.Uint32(b[xattrValueSize:]), Hash: le.Uint32(b[xattrHash:]),
	}, true, nil
}

// Put writes an entry and its name.
func (e *XAttrEntry) Put(b []byte) {
	le := binary.LittleEndian
	b[0], b[1] = uint8(len(e.Name)), e.Index
	le.PutUint16(b[XAttrValueOffset:], e.ValueOffset)
	le.PutUint32(b[XAttrValueInodeOffset:], e.ValueInode)
	le.PutUint32(b[xattrValueSize:], e.ValueSize)
	le.PutUint32(b[xattrHash:], e.Hash)
	copy(b[XAttrEntrySize:], e.Name)
}

// XAttrHash is e_hash: of the name by bytes, then of the value by words
// (ext4_xattr_hash_entry in fs/ext4/xattr.c).
func XAttrHash(name string, value []byte) (h uint32) {
	for i := range len(name) {
		h = h<<5 ^ h>>27 ^ uint32(name[i])
	}
	for len(value) > 0 {
		var word [4]byte
		n := copy(word[:], value)
		h = h<<16 ^ h>>16 ^ binary.LittleEndian.Uint32(word[:])
		value = value[n:]
	}
	return h
}

// XAttrBlockHash goes on with h_hash, from 0, by the hash of the next entry.
func XAttrBlockHash(hash, entry uint32) uint32 { return hash<<16 ^ hash>>16 ^ entry }

// XAttrHeader is struct ext4_xattr_header at the start of a block.
type XAttrHeader struct {
	References uint32 // inodes that share the block
	Blocks     uint32 // always 1
	Hash       uint32
	Checksum   uint32 // Checksums.XAttrBlock
}

// ParseXAttrHeader reads and checks the header of a block.
func ParseXAttrHeader(b []byte, at int64) (XAttrHeader, error) {
	le := binary.LittleEndian
	h := XAttrHeader{
		References: le.Uint32(b[xattrReferences:]), Blocks: le.Uint32(b[xattrBlocks:]),
		Hash: le.Uint32(b[xattrBlockHash:]), Checksum: le.Uint32(b[XAttrChecksumOffset:]),
	}
	if m := le.Uint32(b); m != XAttrMagic {
		return h, Badf(at, "attribute block magic", fmt.Sprintf("0x%08x", m), "0x%08x", uint32(XAttrMagic))
	}
	return h, nil
}

// Put writes a header. The checksum comes last, as it is made of the block.
func (h *XAttrHeader) Put(b []byte) {
	le := binary.LittleEndian
	le.PutUint32(b, XAttrMagic)
	le.PutUint32(b[xattrReferences:], h.References)
	le.PutUint32(b[xattrBlocks:], h.Blocks)
	le.PutUint32(b[xattrBlockHash:], h.Hash)
	le.PutUint32(b[XAttrChecksumOffset:], h.Checksum)
}

// HasXAttrMagic tells whether there are attributes in an inode, by what follows
// its fields.
func HasXAttrMagic(b []byte) bool {
	return len(b) >= XAttrInodeHeaderSize && binary.LittleEndian.Uint32(b) == XAttrMagic
}

// PutXAttrMagic starts the attributes in an inode.
func PutXAttrMagic(b []byte) { binary.LittleEndian.PutUint32(b, XAttrMagic) }
