package flash_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"shimboot/tools/internal/flash"
	"shimboot/tools/internal/testenv"
)

const (
	imageSize = 48 << 20
	diskSize  = 56<<20 + 512*7 // no multiple of a page
	rootStart = 8 << 20
	rootSize  = 36 << 20
)

// diskImage makes a sparse image by other programs: cgpt, mkfs.fat, mke2fs.
// Its root has a tree with a large file, zeros inside of a file, and a hole.
func diskImage(t *testing.T, mkfs ...string) (img, tree string) {
	t.Helper()
	img, tree = testenv.Write(t, "img", nil), t.TempDir()
	truncate(t, img, imageSize)
	testenv.Run(t, "cgpt", "create", img)
	testenv.Run(t, "cgpt", "boot", "-p", img)
	for _, p := range [][]string{
		{"-i", "1", "-b", "2048", "-s", "2048", "-t", "data", "-l", "STATE"},
		{"-i", "2", "-b", "4096", "-s", "8192", "-t", "kernel", "-l", "KERN-A", "-P", "10", "-T", "5", "-S", "1"},
		{"-i", "3", "-b", "12288", "-s", "2048", "-t", "rootfs", "-l", "ROOT-A"},
		{"-i", "4", "-b", strconv.Itoa(rootStart / 512), "-s", strconv.Itoa(rootSize / 512), "-t", "data", "-l", "root"},
	} {
		testenv.Run(t, "cgpt", append(append([]string{"add"}, p...), img)...)
	}
	testenv.Run(t, "mkfs.fat", "--offset", "2048", "-n", "STATE", img, "1024")
	content := noise(3 << 20)
	clear(content[1<<20 : 2<<20])
	for name, d := range map[string][]byte{"large": content, "small": []byte("x\n"), "zeros": make([]byte, 1<<20)} {
		if err := os.WriteFile(filepath.Join(tree, name), d, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	truncate(t, filepath.Join(tree, "hole"), 5<<20)
	root := testenv.Write(t, "root", nil)
	truncate(t, root, rootSize)
	if len(mkfs) == 0 {
		mkfs = []string{"-t", "ext4"}
	}
	testenv.Run(t, "mke2fs", append(append([]string{"-q", "-F"}, mkfs...), "-d", tree, root)...)
	testenv.Run(t, "dd", "if="+root, "of="+img, "bs=1M", "seek=8", "conv=notrunc,sparse", "status=none")
	testenv.Run(t, "fallocate", "--dig-holes", img)
	return img, tree
}

func truncate(t *testing.T, file string, size int64) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(size); err != nil {
		t.Fatal(err)
	}
}

func noise(n int) []byte {
	b := make([]byte, n)
	var seed [32]byte
	rand.NewChaCha8(seed).Read(b)
	return b
}

// memory is a disk in memory, used before: full of garbage.
type memory struct {
	d      []byte
	writes int
	write  func(d, p []byte, off int64) // in place of copy, to fail at it
	keep   bool                         // Zero does nothing
	zero   func(off int64) error        // each Zero
	before func(off int64) error        // each write
}

func used() *memory { return &memory{d: bytes.Repeat(noise(64<<10), diskSize/(64<<10)+1)[:diskSize]} }

func (m *memory) Size() int64 { return int64(len(m.d)) }
func (m *memory) Sync() error { return nil }

func (m *memory) ReadAt(p []byte, off int64) (int, error) { return copy(p, m.d[off:]), nil }

func (m *memory) WriteAt(p []byte, off int64) (int, error) {
	m.writes++
	if m.before != nil {
		if err := m.before(off); err != nil {
			return 0, err
		}
	}
	if m.write != nil {
		m.write(m.d, p, off)
		return len(p), nil
	}
	return copy(m.d[off:], p), nil
}

func (m *memory) Zero(off, n int64) error {
	if m.zero != nil {
		if err := m.zero(off); err != nil {
			return err
		}
	}
	if !m.keep {
		clear(m.d[off:][:n])
	}
	return nil
}

func write(t *testing.T, img string, disk flash.Disk) (*flash.Result, error) {
	t.Helper()
	return writeContext(t, context.Background(), img, disk)
}

func writeContext(t *testing.T, ctx context.Context, img string, disk flash.Disk) (*flash.Result, error) {
	t.Helper()
	src, err := flash.Open(ctx, img)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	return flash.Write(ctx, src, disk, flash.Progress{})
}
