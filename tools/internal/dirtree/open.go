package dirtree

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// open is os.Open for regular files. That asks the kernel five times whether
// it can wait for the file, which it cannot, and which takes as long as
// reading a small file. A link that came in its place is not followed.
func open(path string) (*os.File, error) {
	for {
		fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NOFOLLOW, 0)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return nil, &fs.PathError{Op: "open", Path: path, Err: err}
		}
		return os.NewFile(uintptr(fd), path), nil
	}
}
