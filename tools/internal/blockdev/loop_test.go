package blockdev

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/testenv"
)

// refused wants an error that names the loop device and the commands.
func refused(t *testing.T, what, path, dev, commands string) {
	t.Helper()
	err := Linux().Free(path)
	if !badinput.Is(err) || !strings.Contains(err.Error(), "in use as "+dev) || !strings.HasSuffix(err.Error(), "if it is the right one: "+commands) {
		t.Errorf("%s: %v; want %s, and %s", what, err, dev, commands)
	}
}

func unused(t *testing.T, what, path string) {
	t.Helper()
	if err := Linux().Free(path); err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

// Whatever a file is called by now, it is the one that the loop device has.
func TestFileOfALoopDevice(t *testing.T) {
	file := testenv.Write(t, "img", make([]byte, 1<<20))
	dir := t.TempDir()
	link, hard, moved := filepath.Join(dir, "link"), filepath.Join(dir, "hard"), filepath.Join(dir, "moved")
	unused(t, "a file", file)
	dev := testenv.Loop(t, file)
	refused(t, "held", file, dev, "losetup -d "+dev)
	for _, err := range []error{os.Symlink(file, link), os.Link(file, hard)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	refused(t, "by a link", link, dev, "losetup -d "+dev)
	refused(t, "by another name", hard, dev, "losetup -d "+dev)
	if err := os.Rename(file, moved); err != nil {
		t.Fatal(err)
	}
	refused(t, "renamed", moved, dev, "losetup -d "+dev)
	if err := os.WriteFile(file, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	unused(t, "another file at its place", file)
	if err := os.Remove(moved); err != nil {
		t.Fatal(err)
	}
	refused(t, "deleted, but for one name", hard, dev, "losetup -d "+dev)
	unused(t, "nothing", moved)
}

// Who may not ask loop devices goes by names.
func TestLoopDevicesThatCannotBeAsked(t *testing.T) {
	file := testenv.Write(t, "img", make([]byte, 1<<20))
	dev := testenv.Loop(t, file)
	h := Linux()
	h.Dev = t.TempDir()
	if err := h.Free(file); err == nil || !strings.Contains(err.Error(), dev) {
		t.Errorf("%v", err)
	}
}

func TestMountedLoopDevice(t *testing.T) {
	file := testenv.Write(t, "img", make([]byte, 1<<20))
	dev := testenv.Loop(t, file)
	testenv.Run(t, "mke2fs", "-q", "-F", dev)
	dir := t.TempDir()
	testenv.Run(t, "mount", dev, dir)
	t.Cleanup(func() { testenv.Run(t, "umount", dir) })
	refused(t, "mounted", file, dev, "umount "+dir+"; losetup -d "+dev)
}

// Loop devices on a disk, which here is one itself, and beside it.
func TestDiskOfALoopDevice(t *testing.T) {
	file := testenv.Write(t, "img", make([]byte, 1<<20))
	disk := testenv.Loop(t, file)
	unused(t, "a disk", disk)
	above := testenv.Loop(t, disk)
	refused(t, "held", disk, above, "losetup -d "+above)
	refused(t, "the file below", file, disk, "losetup -d "+above+"; losetup -d "+disk)
	unused(t, "the top, as nothing else is there", above)
	testenv.Run(t, "mke2fs", "-q", "-F", disk)
	dir := t.TempDir()
	testenv.Run(t, "mount", disk, dir)
	t.Cleanup(func() { testenv.Run(t, "umount", dir) })
	refused(t, "the top of a mounted one", above, dir, "umount "+dir)
	beside := testenv.Write(t, "two", make([]byte, 1<<20))
	one, other := testenv.Loop(t, beside), testenv.Loop(t, beside)
	refused(t, "one file, two devices", one, other, "losetup -d "+other)
}

// However many loop devices lie between, what they share is the file.
func TestStackOfLoopDevices(t *testing.T) {
	file := testenv.Write(t, "img", make([]byte, 1<<20))
	bottom := testenv.Loop(t, file)
	middle := testenv.Loop(t, bottom)
	top := testenv.Loop(t, middle)
	unused(t, "the top, as nothing else is there", top)
	beside := testenv.Loop(t, file)
	testenv.Run(t, "mke2fs", "-q", "-F", beside)
	dir := t.TempDir()
	testenv.Run(t, "mount", beside, dir)
	t.Cleanup(func() { testenv.Run(t, "umount", dir) })
	refused(t, "two below", middle, dir, "umount "+dir+"; losetup -d "+top+"; losetup -d "+beside)
	refused(t, "three below", top, dir, "umount "+dir+"; losetup -d "+beside)
}

func TestSwapFile(t *testing.T) {
	m := newMachine(t)
	file := testenv.Write(t, "swap", make([]byte, 1<<20))
	m.file(m.Proc, "swaps", "Filename Type\n"+file+" file 1 0 -2\n")
	if err := m.Free(file); err == nil || !strings.Contains(err.Error(), "swapoff "+file) {
		t.Errorf("%v", err)
	}
}

// A virtual machine's disk, as QEMU locks it.
func TestLockedFile(t *testing.T) {
	file := testenv.Write(t, "img", make([]byte, 1<<20))
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	unused(t, "open elsewhere", file)
	lock := unix.Flock_t{Type: unix.F_RDLCK, Start: 100, Len: 1}
	if err := unix.FcntlFlock(f.Fd(), unix.F_OFD_SETLK, &lock); err != nil {
		t.Fatal(err)
	}
	refused(t, "locked", file, "the disk of a program", "end that program (see lslocks)")
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	unused(t, "closed", file)
}

// In Nix' sandbox there is no /sys.
func TestNoSysfs(t *testing.T) {
	h := newMachine(t).Host
	if err := h.Free(testenv.Write(t, "file", []byte("x"))); err != nil {
		t.Error(err)
	}
}
