// Package seekable opens what can be read at any place: a file or a disk.
//
//	f, err := seekable.Open("shimboot.img")
//
// Opening a pipe would wait for its other end, whatever signals come, and
// opening some devices does something, such as a watchdog's.
package seekable

import (
	"io"
	"io/fs"
	"os"

	"shimboot/tools/internal/badinput"
)

// Open opens a regular file or a block device to read. Anything else is bad
// input, and is not opened.
func Open(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if found := other(info.Mode()); found != "" {
		return nil, badinput.New("%s", path).Got("%s", found).Want("a file or a disk")
	}
	return os.Open(path)
}

// Size is how many bytes there are: Stat has 0 for a disk. Where it is read on
// from stays the same.
func Size(f *os.File) (int64, error) {
	at, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	_, err = f.Seek(at, io.SeekStart)
	return size, err
}

// other says what is neither a file nor a disk; "" of those.
func other(mode fs.FileMode) string {
	switch mode.Type() {
	case 0, fs.ModeDevice:
		return ""
	case fs.ModeDir:
		return "a directory"
	case fs.ModeNamedPipe:
		return "a pipe"
	case fs.ModeSocket:
		return "a socket"
	}
	return "a device that is no disk"
}
