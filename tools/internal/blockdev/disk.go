package blockdev

import (
	"errors"
	"fmt"
	"io"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"

	"shimboot/tools/internal/badinput"
)

// Disk is a block device that nobody else has, or a regular file in place of
// one, opened for writing.
type Disk struct {
	f      *os.File
	direct *os.File // the same past the page cache; nil where that cannot be
	device bool
	size   int64
}

// pageSize is what direct I/O needs memory and offsets to be multiples of; no
// disk wants more.
const pageSize = 4096

// Open opens a device or a regular file that exists. A device that is mounted
// or otherwise held is refused by the kernel; a file that its owner may not
// write to is refused here, as root may write to any.
func Open(path string) (*Disk, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	d := &Disk{device: info.Mode().Type() == os.ModeDevice}
	if !d.device && !info.Mode().IsRegular() {
		return nil, badinput.New("%s", path).Got("neither disk nor file").Want("a whole disk, such as /dev/sdb")
	}
	if !d.device && info.Mode()&0o200 == 0 {
		return nil, badinput.New("%s", path).Got("a file that is read-only, such as a build's result in the Nix store").
			Want("one that may be changed").
			Fix("copy it first (cp --sparse=always %s COPY; chmod u+w COPY), or write to the stick itself", path)
	}
	flags := os.O_RDWR
	if d.device {
		flags |= os.O_EXCL // without O_CREATE: no one else's mount, and none while it is open
	}
	if d.f, err = os.OpenFile(path, flags, 0); err != nil {
		if errors.Is(err, unix.EBUSY) {
			err = badinput.New("%s", path).Got("a disk in use").Want("one that nothing is mounted from").Fix("see lsblk %s", path)
		}
		return nil, err
	}
	size, err := d.f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, errors.Join(err, d.f.Close())
	}
	d.size = size &^ 511
	// The very same file, whatever its name is by now; errors have the one it was given by.
	fd, err := unix.Open(fmt.Sprintf("/proc/self/fd/%d", d.f.Fd()), unix.O_RDWR|unix.O_DIRECT|unix.O_CLOEXEC, 0)
	if err == nil { // else a file system without direct I/O
		d.direct = os.NewFile(uintptr(fd), path)
	}
	return d, nil
}

// MakePrivate takes a file from all but its owner, and tells whether anyone else
// could read it before. Who may write to a device is not for us to say.
func (d *Disk) MakePrivate() (changed bool, err error) {
	info, err := d.f.Stat()
	if err != nil || d.device || info.Mode()&0o077 == 0 {
		return false, err
	}
	return true, d.f.Chmod(info.Mode() & 0o600)
}

// Size is in bytes, whole sectors of 512.
func (d *Disk) Size() int64 { return d.size }

// Close closes it.
func (d *Disk) Close() error {
	var err error
	if d.direct != nil {
		err = d.direct.Close()
	}
	return errors.Join(err, d.f.Close())
}

// WriteAt writes past the page cache what is whole pages in place and in
// memory, so that what is written is on its way to the medium.
func (d *Disk) WriteAt(p []byte, off int64) (int, error) {
	if d.canBypass(p, off) {
		n, err := d.direct.WriteAt(p, off)
		if !errors.Is(err, unix.EINVAL) {
			return n, err
		}
	}
	return d.f.WriteAt(p, off)
}

// ReadAt reads from the medium: whole pages past the page cache, the rest after
// the cache was told to forget.
func (d *Disk) ReadAt(p []byte, off int64) (int, error) {
	if d.canBypass(p, off) {
		n, err := d.direct.ReadAt(p, off)
		if !errors.Is(err, unix.EINVAL) {
			return n, err
		}
	}
	from := off &^ (pageSize - 1)
	until := (off + int64(len(p)) + pageSize - 1) &^ (pageSize - 1)
	if err := unix.Fadvise(int(d.f.Fd()), from, until-from, unix.FADV_DONTNEED); err != nil {
		return 0, fmt.Errorf("%s: dropping the cache: %w", d.f.Name(), err)
	}
	return d.f.ReadAt(p, off)
}

func (d *Disk) canBypass(p []byte, off int64) bool {
	at := uintptr(unsafe.Pointer(unsafe.SliceData(p)))
	return d.direct != nil && (uintptr(off)|uintptr(len(p))|at)%pageSize == 0
}

// Sync waits until the medium has everything.
func (d *Disk) Sync() error { return d.f.Sync() }

// Zero makes n bytes read as zeros, sector by sector where the device has no
// faster way of its own. In a file they become a hole.
func (d *Disk) Zero(off, n int64) error {
	var err error
	if d.device {
		r := [2]uint64{uint64(off), uint64(n)}
		if _, _, e := unix.Syscall(unix.SYS_IOCTL, d.f.Fd(), unix.BLKZEROOUT, uintptr(unsafe.Pointer(&r))); e != 0 {
			err = e
		}
	} else {
		err = unix.Fallocate(int(d.f.Fd()), unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, off, n)
	}
	if errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.ENOTTY) {
		return d.writeZeros(off, n)
	}
	if err != nil {
		return fmt.Errorf("%d zeros at byte %d: %w", n, off, err)
	}
	return nil
}

func (d *Disk) writeZeros(off, n int64) error {
	zeros := make([]byte, min(n, 1<<20))
	for n > 0 {
		k := min(n, int64(len(zeros)))
		if _, err := d.f.WriteAt(zeros[:k], off); err != nil {
			return err
		}
		off, n = off+k, n-k
	}
	return nil
}

// Reread has the kernel read the partition table again. Files, and loop
// devices as they mostly are, have none that it reads.
func (d *Disk) Reread() error {
	if !d.device {
		return nil
	}
	err := unix.IoctlSetInt(int(d.f.Fd()), unix.BLKRRPART, 0)
	if errors.Is(err, unix.EINVAL) {
		return nil
	}
	return err
}
