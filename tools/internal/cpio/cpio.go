// Package cpio reads and writes "newc" archives as the Linux kernel takes them
// for an initramfs (Documentation/driver-api/early-userspace/buffer-format.rst).
//
//	entries, err := cpio.Read(file, size) // []*tree.Entry
//	err = cpio.Write(out, t)              // deterministic
//
// Reading accepts 070701 and 070702 (with its sum checked), several archives
// one after the other with zero padding between them, device nodes and hard
// links. A later entry of the same name replaces an earlier one, as in the
// kernel.
package cpio

import (
	"io/fs"

	"shimboot/tools/internal/listing"
	"shimboot/tools/internal/tree"
)

const (
	headerSize = 110
	magicNewc  = "070701"
	magicCRC   = "070702"
	trailer    = "TRAILER!!!"

	// The kernel refuses longer names and links (PATH_MAX).
	maxName = listing.MaxPath

	// An entry takes more memory than the 112 bytes that one may have in the
	// archive, which itself may be compressed to nothing. A shim has hundreds.
	maxEntries = 1 << 18
	maxTexts   = 64 << 20 // bytes of all names and links
)

// The 13 fields of the header after the magic, 8 hexadecimal digits each.
type header struct {
	ino, mode, uid, gid, nlink, mtime, size uint32
	devMajor, devMinor, major, minor        uint32
	nameSize, sum                           uint32
}

func (h *header) fields() []*uint32 {
	return []*uint32{
		&h.ino, &h.mode, &h.uid, &h.gid, &h.nlink, &h.mtime, &h.size,
		&h.devMajor, &h.devMinor, &h.major, &h.minor, &h.nameSize, &h.sum,
	}
}

func align4(n int64) int64 { return (n + 3) &^ 3 }

// contentSize is how many bytes follow an entry's header in the archive.
func contentSize(e *tree.Entry) int64 {
	switch {
	case e.IsHardlink():
		return 0
	case e.Mode.Type() == fs.ModeSymlink:
		return int64(len(e.Target))
	case e.Mode.IsRegular():
		return e.Size
	}
	return 0
}
