// Package mkext4test makes trees and images for the tests of packages mkext4 and
// ext4, and runs the programs of e2fsprogs that judge them.
package mkext4test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"shimboot/tools/internal/mkext4"
	"shimboot/tools/internal/tree"
)

// Pattern gives n bytes that differ from block to block.
func Pattern(seed string, n int) []byte {
	out := make([]byte, 0, n+64)
	for k := 0; len(out) < n; k++ {
		out = fmt.Appendf(out, "%s line %d\n", seed, k)
	}
	return out[:n]
}

// Opener gives a content to read, any number of times.
func Opener(b []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
}

// FileEntry makes an ordinary file.
func FileEntry(path string, content []byte) *tree.Entry {
	return &tree.Entry{Path: path, Mode: 0o644, ModTime: Time(), Size: int64(len(content)), Open: Opener(content)}
}

// Time is that of all entries and of the file system.
func Time() time.Time { return time.Date(2024, 2, 29, 12, 34, 56, 789012345, time.UTC) }

// Options are those of a file system of no particular size.
func Options(kind mkext4.Kind) mkext4.Options {
	return mkext4.Options{Kind: kind, Label: "test-root", UUID: [16]byte{0xde, 0xad, 0xbe, 0xef, 4: 0x40, 8: 0x80, 15: 1}, Time: Time()}
}

// Pack makes a tree of entries that are right.
func Pack(t testing.TB, entries []*tree.Entry) *tree.Packed {
	t.Helper()
	p := tree.NewPacked()
	for _, e := range entries {
		if err := p.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// NewInodeSet takes entries that can be stored.
func NewInodeSet(t testing.TB, entries []*tree.Entry, o mkext4.Options) *mkext4.InodeSet {
	t.Helper()
	s, err := mkext4.NewInodeSet(Pack(t, entries), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// WriteImage plans and writes a tree into a file of a size, 0 for the least.
// What the file held before must not matter, so it is full of something.
func WriteImage(t testing.TB, entries []*tree.Entry, o mkext4.Options, size int64) string {
	t.Helper()
	s := NewInodeSet(t, entries, o)
	if size == 0 {
		var err error
		if size, err = s.Least(); err != nil {
			t.Fatal(err)
		}
	}
	p, err := s.Plan(size)
	if err != nil {
		t.Fatal(err)
	}
	img := filepath.Join(t.TempDir(), "fs.img")
	f, err := os.Create(img)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	dirty := bytes.Repeat([]byte("dirt"), 1<<18)
	for off := int64(0); off < min(size, 40<<20); off += int64(len(dirty)) {
		if _, err := f.WriteAt(dirty, off); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Truncate(size); err != nil {
		t.Fatal(err)
	}
	if err := p.Write(f); err != nil {
		t.Fatal(err)
	}
	return img
}

// OpenFile opens an image for ext4.Open.
func OpenFile(t testing.TB, img string) (f *os.File, size int64) {
	t.Helper()
	f, err := os.Open(img)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return f, info.Size()
}
