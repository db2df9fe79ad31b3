package blockdev_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/blockdev"
	"shimboot/tools/internal/testenv"
)

// behaves writes, zeroes and reads a disk full of garbage at all sorts of
// places.
func behaves(t *testing.T, path string) {
	t.Helper()
	d, err := blockdev.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	want := bytes.Repeat([]byte("garbage!"), int(d.Size())/8)
	if _, err := d.WriteAt(want, 0); err != nil {
		t.Fatal(err)
	}
	for _, r := range []struct{ off, n int64 }{
		{0, 17408}, {1 << 20, 1 << 20}, {4096 * 700, 4096 * 3}, {d.Size() - 512*33, 512 * 33}, {512 * 5001, 512},
	} {
		clear(want[r.off:][:r.n])
		if err := d.Zero(r.off, r.n); err != nil {
			t.Fatal(err)
		}
		p := bytes.Repeat([]byte{'p'}, int(r.n/2&^511))
		copy(want[r.off:], p)
		if _, err := d.WriteAt(p, r.off); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Sync(); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, d.Size())
	if _, err := d.ReadAt(got, 0); err != nil || !bytes.Equal(got, want) {
		t.Errorf("read at once: %v, or other bytes", err)
	}
	if _, err := d.ReadAt(got[:1000], 17000); err != nil || !bytes.Equal(got[:1000], want[17000:18000]) {
		t.Errorf("read in the middle: %v, or other bytes", err)
	}
	if err := d.Reread(); err != nil {
		t.Error(err)
	}
}

const size = 6<<20 + 512

func TestFileAsADisk(t *testing.T) {
	behaves(t, testenv.Write(t, "disk", make([]byte, size)))
}

// Whichever way past the cache or through it failed, the error has the user's path.
func TestErrorsNameTheDisk(t *testing.T) {
	path := testenv.Write(t, "disk", make([]byte, size))
	d, err := blockdev.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{1 << 20, 512} {
		if _, err := d.WriteAt(make([]byte, n), 0); err == nil || !strings.HasPrefix(err.Error(), "write "+path+": ") {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

func TestLoopDevice(t *testing.T) {
	behaves(t, testenv.Loop(t, testenv.Write(t, "disk", make([]byte, size))))
}

func TestMountedDeviceIsRefused(t *testing.T) {
	dev := testenv.Loop(t, testenv.Write(t, "disk", make([]byte, size)))
	testenv.Run(t, "mke2fs", "-q", "-F", dev)
	dir := filepath.Join(t.TempDir(), "a place")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	testenv.Run(t, "mount", dev, dir)
	t.Cleanup(func() { testenv.Run(t, "umount", dir) })
	d, err := blockdev.Linux().Device(dev)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Check(d.Name); !badinput.Is(err) || !strings.Contains(err.Error(), "umount "+dir) {
		t.Errorf("by what /proc says: %v", err)
	}
	if _, err := blockdev.Open(dev); !badinput.Is(err) || !strings.Contains(err.Error(), "a disk in use") {
		t.Errorf("by the kernel: %v", err)
	}
}

func TestNoDisk(t *testing.T) {
	if _, err := blockdev.Open(t.TempDir()); !badinput.Is(err) {
		t.Errorf("a directory: %v", err)
	}
	if _, err := blockdev.Open("/dev/null"); !badinput.Is(err) {
		t.Errorf("/dev/null: %v", err)
	}
	result := testenv.Write(t, "result", make([]byte, size))
	if err := os.Chmod(result, 0o444); err != nil {
		t.Fatal(err)
	}
	if _, err := blockdev.Open(result); !badinput.Is(err) || !strings.Contains(err.Error(), "cp --sparse=always "+result) {
		t.Errorf("a read-only file: %v", err)
	}
	gone := filepath.Join(t.TempDir(), "sdz")
	if _, err := blockdev.Open(gone); !os.IsNotExist(err) {
		t.Errorf("a name of nothing: %v", err)
	}
	if _, err := os.Stat(gone); err == nil {
		t.Error("it was made")
	}
	if _, err := blockdev.Linux().Device("/dev/null"); !badinput.Is(err) {
		t.Errorf("/dev/null: %v", err)
	}
}
