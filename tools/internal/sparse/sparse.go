package dirtree

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"shimboot/tools/internal/tree"
)

// dataOf lists where in a sparse file there is data; nil for any other. Files
// that take up all of their size are not even opened.
func dataOf(path string, info fs.FileInfo) ([]tree.Range, error) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || stat.Blocks*512 >= info.Size() {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	list := []tree.Range{}
	for at := int64(0); ; {
		data, err := f.Seek(at, unix.SEEK_DATA)
		if errors.Is(err, unix.ENXIO) { // nothing but a hole
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		if at, err = f.Seek(data, unix.SEEK_HOLE); err != nil {
			return nil, err
		}
		list = append(list, tree.Range{Start: data, Size: at - data})
		if at >= info.Size() {
			return list, nil
		}
	}
}
