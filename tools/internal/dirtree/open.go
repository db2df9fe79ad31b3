package dirtree

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// open is os.Open for regular files. That asks the kernel five times whether
// it can wait for the file, which it cannot, and which takes as long as
// reading a small file. A link that came in its place is not followed.
func open(path string) (*file, error) {
	for {
		fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NOFOLLOW, 0)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return nil, &fs.PathError{Op: "open", Path: path, Err: err}
		}
		f := &file{File: os.NewFile(uintptr(fd), path), fd: fd}
		if err := unix.Fstat(fd, &f.was); err != nil {
			return nil, errors.Join(&fs.PathError{Op: "stat", Path: path, Err: err}, f.File.Close())
		}
		return f, nil
	}
}

// file is an open file that remembers what it was.
type file struct {
	*os.File
	fd  int
	was unix.Stat_t
}

// Close fails where somebody wrote to the file since it was opened: what was
// read of it may be half of this and half of that.
func (f *file) Close() error {
	var is unix.Stat_t
	err := unix.Fstat(f.fd, &is)
	if err == nil && (is.Size != f.was.Size || is.Mtim != f.was.Mtim) {
		err = fmt.Errorf("%s: changed while it was read", f.Name())
	}
	return errors.Join(err, f.File.Close())
}
