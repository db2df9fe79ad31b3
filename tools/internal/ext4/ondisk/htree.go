package ondisk

import "encoding/binary"

// The index of a large directory (directory.rst, "Hash Tree Directories") looks
// to who does not know it like blocks of entries that are not in use. Its root
// is block 0 of the directory: the entries "." and "..", of which the second
// reaches to the end, then DxRootInfo, then index entries. A further node is
// one empty entry, then index entries. The leaves are ordinary blocks of
// entries, each for a range of hashes.
//
// The first index entry has the limit and the count of all in place of a hash.
// Behind the room for entries is, with metadata_csum, struct dx_tail.
const (
	DxEntrySize   = 8
	DxRootEntries = DotsLen + dxRootInfoSize // byte of the root where index entries start
	DxNodeEntries = DirEntryHeader           // byte of another node where they start
	DxTailSize    = 8
	DxTailSumAt   = 4 // byte of the tail where the checksum is

	dxRootInfoSize = 8
	dxHashVersion  = 4 // byte offsets in struct dx_root_info
	dxInfoLength   = 5
	dxLevels       = 6
	dxCountOffset  = 2 // in struct dx_countlimit
	dxBlockOffset  = 4 // in struct dx_entry
)

// PutDxRootInfo writes struct dx_root_info into a root: the hash that its
// entries have, such as HashHalfMD4, and how many levels of nodes are below it.
func PutDxRootInfo(root []byte, hashVersion, levels uint8) {
	info := root[DotsLen:]
	info[dxHashVersion], info[dxInfoLength], info[dxLevels] = hashVersion, dxRootInfoSize, levels
}

// DxCount is struct dx_countlimit: how many index entries there are, and how
// many there is room for.
type DxCount struct{ Limit, Count int }

// ParseDxCount reads what is at the start of a node's index entries.
func ParseDxCount(b []byte) DxCount {
	return DxCount{int(binary.LittleEndian.Uint16(b)), int(binary.LittleEndian.Uint16(b[dxCountOffset:]))}
}

// Tail is the byte of a node where the tail starts, by that where its index
// entries start.
func (c DxCount) Tail(at int) int { return at + DxEntrySize*c.Limit }

// Put writes the counts, after the entries.
func (c DxCount) Put(b []byte) {
	binary.LittleEndian.PutUint16(b, uint16(c.Limit))
	binary.LittleEndian.PutUint16(b[dxCountOffset:], uint16(c.Count))
}

// HashContinued is set in the hash of an index entry when the leaf before it
// has names of the same hash, too.
const HashContinued = 1

// PutDxEntry writes struct dx_entry: names with a hash from here on are in, or
// below, a block of the directory.
func PutDxEntry(b []byte, hash, block uint32) {
	binary.LittleEndian.PutUint32(b, hash)
	binary.LittleEndian.PutUint32(b[dxBlockOffset:], block)
}

// IsDxNode tells whether block number l of a directory with an index is a part
// of it.
func IsDxNode(b []byte, l uint64) bool {
	le := binary.LittleEndian
	return l == 0 || le.Uint32(b) == 0 && int(le.Uint16(b[DirEntryRecLenOffset:])) == len(b)
}
