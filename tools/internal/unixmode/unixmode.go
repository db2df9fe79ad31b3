// Package unixmode translates between the mode word of Unix (st_mode of
// stat(2), as in <linux/stat.h>), which archives and file systems store, and
// Go's.
//
//	mode, ok := unixmode.ToFS(0o100755)
//	word, ok := unixmode.FromFS(fs.ModeDir | 0o755)
package unixmode

import "io/fs"

// File types in a mode word, and the bits they are in.
const (
	typeMask = 0o170000

	socket  = 0o140000
	symlink = 0o120000
	regular = 0o100000
	block   = 0o060000
	dir     = 0o040000
	char    = 0o020000
	fifo    = 0o010000

	setuid = 0o4000
	setgid = 0o2000
	sticky = 0o1000
)

// ToFS gives Go's mode of a mode word; ok is false for a type that is none.
func ToFS(word uint32) (mode fs.FileMode, ok bool) {
	mode = fs.FileMode(word & 0o777)
	if word&setuid != 0 {
		mode |= fs.ModeSetuid
	}
	if word&setgid != 0 {
		mode |= fs.ModeSetgid
	}
	if word&sticky != 0 {
		mode |= fs.ModeSticky
	}
	switch word & typeMask {
	case regular:
		return mode, true
	case dir:
		return mode | fs.ModeDir, true
	case symlink:
		return mode | fs.ModeSymlink, true
	case char:
		return mode | fs.ModeDevice | fs.ModeCharDevice, true
	case block:
		return mode | fs.ModeDevice, true
	case fifo:
		return mode | fs.ModeNamedPipe, true
	case socket:
		return mode | fs.ModeSocket, true
	}
	return mode | fs.ModeIrregular, false
}

// FromFS is the inverse of ToFS; ok is false for a type that Unix has not.
func FromFS(mode fs.FileMode) (word uint32, ok bool) {
	word = uint32(mode.Perm())
	if mode&fs.ModeSetuid != 0 {
		word |= setuid
	}
	if mode&fs.ModeSetgid != 0 {
		word |= setgid
	}
	if mode&fs.ModeSticky != 0 {
		word |= sticky
	}
	switch mode.Type() {
	case 0:
		return word | regular, true
	case fs.ModeDir:
		return word | dir, true
	case fs.ModeSymlink:
		return word | symlink, true
	case fs.ModeDevice:
		return word | block, true
	case fs.ModeDevice | fs.ModeCharDevice, fs.ModeCharDevice:
		return word | char, true
	case fs.ModeNamedPipe:
		return word | fifo, true
	case fs.ModeSocket:
		return word | socket, true
	}
	return 0, false
}
