package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// inherit gives a file the owner, group and mode of the one whose place it
// takes, of the mode no more than most. Root that rebuilds a user's private
// file would lock the user out, if the owner did not stay.
func inherit(f *os.File, old fs.FileInfo, most fs.FileMode) error {
	mode := old.Mode().Perm()
	if most&0o077 == 0 {
		mode &= most
	}
	kept, err := giveAway(f, old)
	if err != nil {
		return err
	}
	if !kept {
		mode &^= 0o070 // they were for another group
	}
	return f.Chmod(mode)
}

// giveAway tells whether the file has old's group in the end. Who is not root
// keeps the file. So does root in /tmp and the like: whoever put a file at the
// output's place in advance would be given the output.
func giveAway(f *os.File, old fs.FileInfo) (kept bool, err error) {
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	was, is := old.Sys().(*syscall.Stat_t), info.Sys().(*syscall.Stat_t)
	if was.Uid == is.Uid && was.Gid == is.Gid {
		return true, nil
	}
	dir, err := os.Stat(filepath.Dir(f.Name()))
	if err != nil || dir.Mode()&fs.ModeSticky != 0 && was.Uid != is.Uid {
		return false, err
	}
	err = f.Chown(int(was.Uid), int(was.Gid))
	if errors.Is(err, fs.ErrPermission) {
		err = f.Chown(-1, int(was.Gid))
	}
	if errors.Is(err, fs.ErrPermission) {
		return false, nil
	}
	return err == nil, err
}
