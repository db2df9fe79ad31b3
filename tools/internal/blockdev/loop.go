package blockdev

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// backing is what a loop device stands on: a file by its file system and inode,
// as a name may lead elsewhere by now, or a block device by its number.
type backing struct {
	dev, ino uint64
	disk     string // "major:minor"; "" for a file
}

func backingOf(dev, ino, rdev uint64, device bool) backing {
	if device {
		return backing{disk: number(rdev)}
	}
	return backing{dev: dev, ino: ino}
}

// loops gives the loop devices in use, by name.
func (h Host) loops() (map[string]backing, error) {
	dirs, err := filepath.Glob(filepath.Join(h.Sys, "block/loop*"))
	if err != nil {
		return nil, err
	}
	found := map[string]backing{}
	for _, dir := range dirs {
		a := attributes{dir: dir}
		file := a.text("loop/backing_file")
		if a.err != nil {
			return nil, a.err
		}
		if file == "" {
			continue
		}
		name := filepath.Base(dir)
		b, ok := h.askLoop(name)
		if !ok {
			b, ok = named(strings.TrimSuffix(file, " (deleted)"))
		}
		if ok {
			found[name] = b
		}
	}
	return found, nil
}

// askLoop asks the device itself, which not everyone may (loop(4)).
func (h Host) askLoop(name string) (backing, bool) {
	f, err := os.Open(filepath.Join(h.Dev, name))
	if err != nil {
		return backing{}, false
	}
	defer f.Close() // read from, so that closing has nothing to say
	info, err := unix.IoctlLoopGetStatus64(int(f.Fd()))
	if err != nil {
		return backing{}, false
	}
	// Of a file, some kernels give its file system's number as its own.
	device := info.Rdevice != 0 && info.Rdevice != info.Device
	return backingOf(info.Device, info.Inode, info.Rdevice, device), true
}

// named asks the file of a name, if it is what it was.
func named(path string) (backing, bool) {
	var st unix.Stat_t
	if unix.Stat(path, &st) != nil {
		return backing{}, false
	}
	return backingOf(st.Dev, st.Ino, st.Rdev, st.Mode&unix.S_IFMT == unix.S_IFBLK), true
}

// fileUses lists what a regular file is in use for, as that of a disk: by a
// loop device, by what is on that, as swap space, by a virtual machine. A file
// that is not there is in no use.
func (h Host) fileUses(path string) ([]Use, error) {
	var st unix.Stat_t
	err := unix.Stat(path, &st)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &os.PathError{Op: "stat", Path: path, Err: err}
	}
	s, err := h.newStack()
	if err != nil {
		return nil, err
	}
	if err := s.addLoops(backing{dev: st.Dev, ino: st.Ino}, path); err != nil {
		return nil, err
	}
	if locked(path) {
		s.held = append(s.held, Use{path, "the disk of a program that has locked it, such as a virtual machine", "end that program (see lslocks)"})
	}
	return s.uses(func(swap string) bool {
		var other unix.Stat_t
		return unix.Stat(swap, &other) == nil && other.Dev == st.Dev && other.Ino == st.Ino
	}, path)
}

// locked tells whether another process has a lock on a part of a file, as QEMU
// has while it runs (fcntl(2)). Who may not open the file will be told so when
// it is written to, and not every file system has locks.
func locked(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close() // only asked
	lock := unix.Flock_t{Type: unix.F_WRLCK}
	err = unix.FcntlFlock(f.Fd(), unix.F_OFD_GETLK, &lock)
	return err == nil && lock.Type != unix.F_UNLCK
}
