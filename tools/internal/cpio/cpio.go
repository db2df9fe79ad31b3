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

	"shimboot/tools/internal/tree"
)

const (
	headerSize = 110
	magicNewc  = "070701"
	magicCRC   = "070702"
	trailer    = "TRAILER!!!"

	// The kernel refuses longer names and links (PATH_MAX).
	maxName = 4096
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

// Unix file types, stat(2).
const (
	typeMask   = 0o170000
	typeSocket = 0o140000
	typeLink   = 0o120000
	typeFile   = 0o100000
	typeBlock  = 0o060000
	typeDir    = 0o040000
	typeChar   = 0o020000
	typeFifo   = 0o010000
)

// fileMode translates the mode of an archive.
func fileMode(mode uint32) (fs.FileMode, bool) {
	m := fs.FileMode(mode & 0o777)
	if mode&0o4000 != 0 {
		m |= fs.ModeSetuid
	}
	if mode&0o2000 != 0 {
		m |= fs.ModeSetgid
	}
	if mode&0o1000 != 0 {
		m |= fs.ModeSticky
	}
	switch mode & typeMask {
	case typeFile:
		return m, true
	case typeDir:
		return m | fs.ModeDir, true
	case typeLink:
		return m | fs.ModeSymlink, true
	case typeChar:
		return m | fs.ModeDevice | fs.ModeCharDevice, true
	case typeBlock:
		return m | fs.ModeDevice, true
	case typeFifo:
		return m | fs.ModeNamedPipe, true
	case typeSocket:
		return m | fs.ModeSocket, true
	}
	return 0, false
}

// unixMode is the reverse of fileMode.
func unixMode(m fs.FileMode) uint32 {
	mode := uint32(m.Perm())
	if m&fs.ModeSetuid != 0 {
		mode |= 0o4000
	}
	if m&fs.ModeSetgid != 0 {
		mode |= 0o2000
	}
	if m&fs.ModeSticky != 0 {
		mode |= 0o1000
	}
	switch m.Type() {
	case fs.ModeDir:
		return mode | typeDir
	case fs.ModeSymlink:
		return mode | typeLink
	case fs.ModeDevice | fs.ModeCharDevice:
		return mode | typeChar
	case fs.ModeDevice:
		return mode | typeBlock
	case fs.ModeNamedPipe:
		return mode | typeFifo
	case fs.ModeSocket:
		return mode | typeSocket
	}
	return mode | typeFile
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
