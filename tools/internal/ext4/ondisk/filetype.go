package ext4

import (
	"io/fs"
	"time"

	"shimboot/tools/internal/unixmode"
)

// File types in i_mode, as in <linux/stat.h>.
const (
	modeFifo    = 0x1000
	modeChar    = 0x2000
	modeDir     = 0x4000
	modeBlock   = 0x6000
	modeRegular = 0x8000
	modeSymlink = 0xA000
	modeSocket  = 0xC000
	modeFormat  = 0xF000
)

// unixMode gives i_mode for Go's mode; ok is false for a type that is none.
func unixMode(mode fs.FileMode) (m uint16, ok bool) {
	word, ok := unixmode.FromFS(mode)
	return uint16(word), ok
}

// ftOfMode gives the directory entry's type for an i_mode.
func ftOfMode(m uint16) uint8 {
	switch m & modeFormat {
	case modeRegular:
		return ftRegular
	case modeDir:
		return ftDir
	case modeChar:
		return ftChar
	case modeBlock:
		return ftBlock
	case modeFifo:
		return ftFifo
	case modeSocket:
		return ftSocket
	case modeSymlink:
		return ftSymlink
	}
	return ftUnknown
}

// typeOfFT gives Go's type bits for a directory entry's type.
func typeOfFT(ft uint8) (mode fs.FileMode, ok bool) {
	switch ft {
	case ftRegular:
		return 0, true
	case ftDir:
		return fs.ModeDir, true
	case ftChar:
		return fs.ModeDevice | fs.ModeCharDevice, true
	case ftBlock:
		return fs.ModeDevice, true
	case ftFifo:
		return fs.ModeNamedPipe, true
	case ftSocket:
		return fs.ModeSocket, true
	case ftSymlink:
		return fs.ModeSymlink, true
	}
	return fs.ModeIrregular, false
}

// decodeTime joins the 32-bit signed seconds with the extra word: two more
// bits of seconds above the 32, and 30 bits of nanoseconds.
func decodeTime(sec, extra uint32) time.Time {
	return time.Unix(int64(int32(sec))+int64(extra&3)<<32, int64(extra>>2)).UTC()
}

// encodeTime is the inverse of decodeTime. What lies outside of 1901 to 2446
// is moved to the nearer end.
func encodeTime(t time.Time) (sec, extra uint32) {
	const least, most = -1 << 31, 1<<34 - 1<<31 - 1
	s, ns := t.Unix(), t.Nanosecond()
	switch {
	case s < least:
		s, ns = least, 0
	case s > most:
		s, ns = most, 999999999
	}
	epoch := (s - int64(int32(s))) >> 32
	return uint32(s), uint32(epoch)&3 | uint32(ns)<<2
}

// decodeDevice reads a device number from the first two words of i_block: the
// first has the old form (8 bits each), the second that of today.
func decodeDevice(old, now uint32) (major, minor uint32) {
	if old != 0 {
		return old >> 8 & 0xFF, old & 0xFF
	}
	return now >> 8 & 0xFFF, now&0xFF | now>>12&^0xFF
}

// encodeDevice is the inverse of decodeDevice; ok is false for a number that
// does not go into 12 bits of major and 20 bits of minor.
func encodeDevice(major, minor uint32) (old, now uint32, ok bool) {
	if major > 0xFFF || minor > 0xFFFFF {
		return 0, 0, false
	}
	if major <= 0xFF && minor <= 0xFF {
		return major<<8 | minor, 0, true
	}
	return 0, minor&0xFF | major<<8 | minor&^0xFF<<12, true
}
