package ondisk

import (
	"encoding/binary"
	"fmt"
)

// A node of an extent tree is a header and as many entries as there is room
// for: extents in a leaf, indexes above (ifork.rst, "Extent Tree"). The root is
// i_block; the others have a block each and, with metadata_csum, a checksum
// behind the room for entries.
const (
	ExtentMagic      = 0xF30A
	ExtentHeaderSize = 12
	ExtentEntrySize  = 12
	ExtentTailSize   = 4
	MaxExtentDepth   = 5
	MaxExtentLen     = 32768 // blocks; a longer length means "unwritten", minus this
)

// Byte offsets within a header, for who says where one is wrong.
const (
	ExtentEntriesOffset = 2
	ExtentMaxOffset     = 4
	ExtentDepthOffset   = 6
)

// Byte offsets within an entry: of an extent, and of an index.
const (
	extentLen, extentStartHi, extentStartLo = 4, 6, 8
	extentChildLo, extentChildHi            = 4, 8
)

// ExtentHeader is struct ext4_extent_header.
type ExtentHeader struct {
	Entries int
	Max     int // entries there is room for, by what it says itself
	Depth   int // levels below; a leaf's is 0
}

// ParseExtentHeader reads the header of a node, which is as long as b is, and
// checks all but Max.
func ParseExtentHeader(b []byte, at int64) (ExtentHeader, error) {
	le := binary.LittleEndian
	h := ExtentHeader{
		Entries: int(le.Uint16(b[ExtentEntriesOffset:])),
		Max:     int(le.Uint16(b[ExtentMaxOffset:])),
		Depth:   int(le.Uint16(b[ExtentDepthOffset:])),
	}
	if m := le.Uint16(b); m != ExtentMagic {
		return h, Badf(at, "extent node magic", fmt.Sprintf("0x%04x", m), "0x%04x", ExtentMagic)
	}
	if room := (len(b) - ExtentHeaderSize) / ExtentEntrySize; h.Entries > room {
		return h, Badf(at+ExtentEntriesOffset, "extent node entries", h.Entries, "at most %d", room)
	}
	if h.Depth > MaxExtentDepth {
		return h, Badf(at+ExtentDepthOffset, "extent tree depth", h.Depth, "at most %d", MaxExtentDepth)
	}
	return h, nil
}

// Put writes a header.
func (h *ExtentHeader) Put(b []byte) {
	le := binary.LittleEndian
	le.PutUint16(b, ExtentMagic)
	le.PutUint16(b[ExtentEntriesOffset:], uint16(h.Entries))
	le.PutUint16(b[ExtentMaxOffset:], uint16(h.Max))
	le.PutUint16(b[ExtentDepthOffset:], uint16(h.Depth))
}

// Tail is the byte of a node where its checksum is.
func (h *ExtentHeader) Tail() int { return ExtentEntryOffset(h.Max) }

// ExtentEntryOffset is the byte of a node where entry k starts.
func ExtentEntryOffset(k int) int { return ExtentHeaderSize + k*ExtentEntrySize }

// Extent is struct ext4_extent: Len blocks of a content, from its block Logical
// on, that lie together from block Start on.
type Extent struct {
	Logical, Start, Len uint64
	Unwritten           bool // reads as zeros
}

// ParseExtent reads an entry of a leaf.
func ParseExtent(b []byte) Extent {
	le := binary.LittleEndian
	e := Extent{
		Logical: ExtentLogical(b),
		Len:     uint64(le.Uint16(b[extentLen:])),
		Start:   uint64(le.Uint16(b[extentStartHi:]))<<32 | uint64(le.Uint32(b[extentStartLo:])),
	}
	if e.Len > MaxExtentLen {
		e.Len, e.Unwritten = e.Len-MaxExtentLen, true
	}
	return e
}

// Put writes an entry of a leaf.
func (e *Extent) Put(b []byte) {
	le, n := binary.LittleEndian, e.Len
	if e.Unwritten {
		n += MaxExtentLen
	}
	le.PutUint32(b, uint32(e.Logical))
	le.PutUint16(b[extentLen:], uint16(n))
	le.PutUint16(b[extentStartHi:], uint16(e.Start>>32))
	le.PutUint32(b[extentStartLo:], uint32(e.Start))
}

// ExtentLogical is the first logical block of an entry of any level.
func ExtentLogical(b []byte) uint64 { return uint64(binary.LittleEndian.Uint32(b)) }

// ExtentIndex is struct ext4_extent_idx: the node in block Child maps a content
// from its block Logical on.
type ExtentIndex struct{ Logical, Child uint64 }

// ParseExtentIndex reads an entry of a node that is no leaf.
func ParseExtentIndex(b []byte) ExtentIndex {
	le := binary.LittleEndian
	return ExtentIndex{ExtentLogical(b), uint64(le.Uint32(b[extentChildLo:])) | uint64(le.Uint16(b[extentChildHi:]))<<32}
}

// Put writes an entry of a node that is no leaf.
func (x *ExtentIndex) Put(b []byte) {
	le := binary.LittleEndian
	le.PutUint32(b, uint32(x.Logical))
	le.PutUint32(b[extentChildLo:], uint32(x.Child))
	le.PutUint16(b[extentChildHi:], uint16(x.Child>>32))
}
