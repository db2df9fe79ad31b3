package squashfs

import (
	"io"
	"io/fs"
	"slices"

	"github.com/diskfs/go-diskfs/filesystem"
)

// Open opens a regular file, or a directory to be listed.
func (f *FS) Open(name string) (fs.File, error) {
	info, err := f.lookup("open", name)
	if err != nil {
		return nil, err
	}
	switch info.Mode().Type() {
	case fs.ModeDir:
		list, err := f.list(name)
		return &dir{info: info, list: slices.Clone(list)}, err
	case 0:
		opened := &file{fs: f, name: name, info: info}
		// Only a directory's entry knows how to open without a search.
		entry, ok := info.(interface {
			Open() (filesystem.File, error)
		})
		if !ok {
			return nil, pathError("open", name, fs.ErrInvalid)
		}
		err = f.guard("/"+name, func() (err error) {
			opened.inner, err = entry.Open()
			return err
		})
		return opened, err
	}
	return nil, pathError("open", name, fs.ErrInvalid)
}

// file is an open regular file, to be read from its start.
type file struct {
	fs    *FS
	name  string
	info  fs.FileInfo
	inner filesystem.File
}

func (f *file) Stat() (fs.FileInfo, error) { return f.info, nil }

func (f *file) Close() error { return f.inner.Close() }

func (f *file) Read(p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	err = f.fs.guard("/"+f.name, func() (err error) {
		n, err = f.inner.Read(p)
		return err
	})
	return n, err
}

// dir is an open directory.
type dir struct {
	info fs.FileInfo
	list []fs.DirEntry
}

func (d *dir) Stat() (fs.FileInfo, error) { return d.info, nil }

func (d *dir) Close() error { return nil }

func (d *dir) Read([]byte) (int, error) { return 0, fs.ErrInvalid }

// ReadDir gives the next n entries, all that are left where n is not positive.
func (d *dir) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		n = len(d.list)
	} else if len(d.list) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(d.list))
	list := d.list[:n]
	d.list = d.list[n:]
	return list, nil
}
