package squashfs

import (
	"encoding/binary"
	"fmt"
	"io"

	"shimboot/tools/internal/badinput"
)

// Magic is what a squashfs begins with.
const Magic = "hsqs"

// superblock is the start of the file system, little-endian; see struct
// squashfs_super_block in the kernel's fs/squashfs/squashfs_fs.h.
type superblock struct {
	Magic       [4]byte
	Inodes      uint32
	ModTime     uint32
	BlockSize   uint32
	Fragments   uint32
	Compression uint16
	BlockLog    uint16
	Flags       uint16
	IDs         uint16
	Major       uint16
	Minor       uint16
	RootInode   uint64
	BytesUsed   uint64
	Tables      [6]uint64 // ids, xattrs, inodes, directories, fragments, exports
}

const (
	superSize = 96
	noTable   = 1<<64 - 1

	fragmentTable = 4 // index in Tables
	perMetablock  = 512

	hasOptions   = 0x400 // in Flags
	xzNumber     = 4     // in Compression
	xzFilterSpot = superSize + 2 + 4
)

// compressions by their number in the superblock.
func compressions() map[uint16]string {
	return map[uint16]string{1: "gzip", 2: "lzma", 3: "lzo", 4: "xz", 5: "lz4", 6: "zstd"}
}

func compressionName(n uint16) string {
	if name, ok := compressions()[n]; ok {
		return name
	}
	return fmt.Sprintf("compression %d", n)
}

func readSuperblock(r io.ReaderAt, size int64) (s superblock, err error) {
	if size < superSize {
		return s, badinput.New("squashfs").Got("%d bytes", size).Want("at least %d", superSize)
	}
	if err := binary.Read(io.NewSectionReader(r, 0, superSize), binary.LittleEndian, &s); err != nil {
		return s, err
	}
	bad := func(offset int64, what string, got any, want string, args ...any) error {
		return badinput.New("squashfs %s", what).At(offset).Got("%v", got).Want(want, args...)
	}
	switch {
	case string(s.Magic[:]) != Magic:
		return s, bad(0, "magic", fmt.Sprintf("%q", s.Magic), "%q", Magic)
	case s.Major != 4 || s.Minor != 0:
		return s, bad(28, "version", fmt.Sprintf("%d.%d", s.Major, s.Minor), "4.0")
	case !readable(s.Compression):
		return s, badCompression(20, compressionName(s.Compression))
	case s.BlockLog < 12 || s.BlockLog > 20 || s.BlockSize != 1<<s.BlockLog:
		return s, bad(12, "block size", s.BlockSize, "a power of two from 4096 to 1048576")
	case s.BytesUsed > uint64(size):
		return s, bad(40, "size", s.BytesUsed, "at most %d, the size of the image or partition: it is cut off", size)
	case s.IDs == 0:
		return s, bad(26, "number of owners", 0, "at least 1")
	}
	if err := s.checkFilter(r); err != nil {
		return s, err
	}
	return s, s.checkTables()
}

// readable tells what go-diskfs inflates. It takes the blocks of lz4 and lzo
// for streams with a header, which mksquashfs does not write, and fails.
func readable(compression uint16) bool {
	switch compressions()[compression] {
	case "gzip", "xz", "zstd":
		return true
	}
	return false
}

func badCompression(offset int64, got string) error {
	return badinput.New("squashfs compression").At(offset).Got("%s", got).Want("gzip, xz without a filter, or zstd").
		Fix("unpack it with unsquashfs and pack it again with mksquashfs -comp zstd")
}

// checkFilter refuses xz with a filter for machine code: the options of the
// compression, behind the superblock, have a bit for each.
func (s *superblock) checkFilter(r io.ReaderAt) error {
	if s.Compression != xzNumber || s.Flags&hasOptions == 0 {
		return nil
	}
	var filters [4]byte
	if _, err := r.ReadAt(filters[:], xzFilterSpot); err != nil {
		return err
	}
	if filters != [4]byte{} {
		return badCompression(xzFilterSpot, "xz with a filter for machine code")
	}
	return nil
}

// checkTables wants the tables inside the file system.
func (s *superblock) checkTables() error {
	for i, start := range s.Tables {
		end := start + 1
		if i == fragmentTable {
			end = start + (uint64(s.Fragments)+perMetablock-1)/perMetablock*8
		}
		if start != noTable && (start < superSize || end < start || end > s.BytesUsed) {
			return badinput.New("squashfs table").At(int64(48+8*i)).Got("it at %d", start).
				Want("one between %d and %d", superSize, s.BytesUsed)
		}
	}
	return nil
}
