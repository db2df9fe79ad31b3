package ondisk

import (
	"encoding/binary"
	"fmt"
)

// Lengths of a directory entry.
const (
	DirEntryHeader = 8 // bytes before the name
	MaxNameLen     = 255
	DotLen         = 12         // of "." at the start of a directory
	DotsLen        = 2 * DotLen // of "." and ".."
)

// Byte offsets within a directory entry, for who says where one is wrong.
const (
	DirEntryRecLenOffset = 4
	DirEntryTypeOffset   = 7
	DirEntryNameOffset   = DirEntryHeader
	dirEntryNameLen      = 6
)

// DirEntry is struct ext4_dir_entry_2 (directory.rst). One of inode 0 is not in
// use; a block's entries fill all of it.
type DirEntry struct {
	Inode  uint32
	RecLen int      // bytes from here to the next one
	Type   FileType // only with the feature filetype
	Name   string   // bytes without a slash or NUL
}

// DirEntryLen is the least length of an entry with a name: up to the next
// multiple of 4.
func DirEntryLen(name string) int { return align4(DirEntryHeader + len(name)) }

// align4 gives the next multiple of 4.
func align4(n int) int { return (n + 3) &^ 3 }

// ParseDirEntry reads the entry at the start of b, where the rest of its block
// is. The length is checked, and the name is not.
func ParseDirEntry(b []byte, at int64) (DirEntry, error) {
	if len(b) < DirEntryHeader {
		return DirEntry{}, Badf(at, "directory record", fmt.Sprintf("%d bytes left", len(b)), "at least %d", DirEntryHeader)
	}
	e := DirEntry{
		Inode:  binary.LittleEndian.Uint32(b),
		RecLen: int(binary.LittleEndian.Uint16(b[DirEntryRecLenOffset:])),
		Type:   FileType(b[DirEntryTypeOffset]),
	}
	least := DirEntryHeader + int(b[dirEntryNameLen])
	if e.RecLen < least || e.RecLen%4 != 0 || e.RecLen > len(b) {
		return e, Badf(at+DirEntryRecLenOffset, "length of directory record", e.RecLen, "a multiple of 4 from %d to %d", least, len(b))
	}
	e.Name = string(b[DirEntryHeader:least])
	return e, nil
}

// Put writes an entry.
func (e *DirEntry) Put(b []byte) {
	binary.LittleEndian.PutUint32(b, e.Inode)
	PutDirEntryLen(b, e.RecLen)
	b[dirEntryNameLen], b[DirEntryTypeOffset] = uint8(len(e.Name)), uint8(e.Type)
	copy(b[DirEntryHeader:], e.Name)
}

// PutDirEntryLen changes the length of an encoded entry.
func PutDirEntryLen(b []byte, recLen int) {
	binary.LittleEndian.PutUint16(b[DirEntryRecLenOffset:], uint16(recLen))
}

// With metadata_csum a block of entries ends with struct ext4_dir_entry_tail: a
// checksum in what looks like an entry that is not in use.
const (
	DirTailSize   = 12
	DirTailSumLen = 4    // of those, the checksum at the end
	dirTailType   = 0xDE // no file type
)

// IsDirTail tells whether b, the last bytes of a block, is what a checksum is
// in, whatever it is.
func IsDirTail(b []byte) bool {
	e, err := ParseDirEntry(b, 0)
	return err == nil && e == DirEntry{RecLen: DirTailSize, Type: dirTailType}
}

// DirTailSum gives the checksum in a tail.
func DirTailSum(tail []byte) uint32 {
	return binary.LittleEndian.Uint32(tail[DirTailSize-DirTailSumLen:])
}

// PutDirTail writes a tail.
func PutDirTail(tail []byte, sum uint32) {
	e := DirEntry{RecLen: DirTailSize, Type: dirTailType}
	e.Put(tail)
	binary.LittleEndian.PutUint32(tail[DirTailSize-DirTailSumLen:], sum)
}
