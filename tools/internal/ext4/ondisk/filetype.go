package ondisk

import "io/fs"

// File types in i_mode, as in <linux/stat.h>.
const (
	ModeFifo    = 0x1000
	ModeChar    = 0x2000
	ModeDir     = 0x4000
	ModeBlock   = 0x6000
	ModeRegular = 0x8000
	ModeSymlink = 0xA000
	ModeSocket  = 0xC000
	ModeFormat  = 0xF000 // the bits that are the type
)

// FileType is the type of an inode as its directory entries have it
// (directory.rst).
type FileType uint8

const (
	TypeUnknown FileType = iota
	TypeRegular
	TypeDir
	TypeChar
	TypeBlock
	TypeFifo
	TypeSocket
	TypeSymlink
)

// TypeOfMode gives the type for an i_mode.
func TypeOfMode(mode uint16) FileType {
	switch mode & ModeFormat {
	case ModeRegular:
		return TypeRegular
	case ModeDir:
		return TypeDir
	case ModeChar:
		return TypeChar
	case ModeBlock:
		return TypeBlock
	case ModeFifo:
		return TypeFifo
	case ModeSocket:
		return TypeSocket
	case ModeSymlink:
		return TypeSymlink
	}
	return TypeUnknown
}

// FSMode gives Go's type bits; ok is false for a type that is none.
func (t FileType) FSMode() (mode fs.FileMode, ok bool) {
	switch t {
	case TypeRegular:
		return 0, true
	case TypeDir:
		return fs.ModeDir, true
	case TypeChar:
		return fs.ModeDevice | fs.ModeCharDevice, true
	case TypeBlock:
		return fs.ModeDevice, true
	case TypeFifo:
		return fs.ModeNamedPipe, true
	case TypeSocket:
		return fs.ModeSocket, true
	case TypeSymlink:
		return fs.ModeSymlink, true
	}
	return fs.ModeIrregular, false
}
