package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// inherit gives a file the owner, group, mode and ACL of the one at path, whose
// place it takes, of the mode no more than most. Root that rebuilds a user's
// private file would lock the user out, if the owner did not stay.
func inherit(f *os.File, path string, old fs.FileInfo, most fs.FileMode) error {
	kept, err := giveAway(f, old)
	if err != nil {
		return err
	}
	mode := old.Mode().Perm()
	if !kept {
		mode &^= 0o070 // they were for another group
	}
	setACL := copyACL
	if most&0o077 == 0 {
		mode &= most
		setACL = removeACL
	}
	if err := setACL(f, path); err != nil {
		return err
	}
	return f.Chmod(mode) // with an ACL, the group's bits bound what is in it
}

// acl is where Linux has a file's ACL (acl(5)).
const acl = "system.posix_acl_access"

// copyACL takes the ACL of path over, and away where that has none.
func copyACL(f *os.File, path string) error {
	list := make([]byte, 64<<10) // the kernel's limit
	n, err := syscall.Getxattr(path, acl, list)
	if err != nil {
		return removeACL(f, path)
	}
	if err := syscall.Setxattr(f.Name(), acl, list[:n], 0); err != nil {
		return &fs.PathError{Op: "setxattr", Path: f.Name(), Err: err}
	}
	return nil
}

// removeACL takes away what the directory may have given the new file.
func removeACL(f *os.File, _ string) error {
	err := syscall.Removexattr(f.Name(), acl)
	if err == nil || errors.Is(err, syscall.ENODATA) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return &fs.PathError{Op: "removexattr", Path: f.Name(), Err: err}
}

// stranger tells whether root would take the place of another's file in /tmp or
// the like. Whoever put it there in advance would be given the output, or have
// chosen who can read and write it: nothing of it is inherited.
func stranger(path string, old fs.FileInfo) (bool, error) {
	dir, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return false, err
	}
	return dir.Mode()&fs.ModeSticky != 0 && int(old.Sys().(*syscall.Stat_t).Uid) != os.Geteuid(), nil
}

// giveAway tells whether the file has old's group in the end. Who is not root
// keeps the file.
func giveAway(f *os.File, old fs.FileInfo) (kept bool, err error) {
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	was, is := old.Sys().(*syscall.Stat_t), info.Sys().(*syscall.Stat_t)
	if was.Uid == is.Uid && was.Gid == is.Gid {
		return true, nil
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
