package revision_test

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/ext4/revision"
	"shimboot/tools/internal/mkext4"
	"shimboot/tools/internal/tree"
)

// memory is a disk.
type memory []byte

func (m memory) WriteAt(p []byte, off int64) (int, error) { return copy(m[off:], p), nil }
func (memory) Sync() error                                { return nil }

// image is a small file system with nothing on it.
func image(tb testing.TB, kind mkext4.Kind) memory {
	tb.Helper()
	inodes, err := mkext4.NewInodeSet(tree.NewPacked(), mkext4.Options{Kind: kind, Label: "STATE", UUID: [16]byte{1}, Time: time.Unix(1, 0)})
	if err != nil {
		tb.Fatal(err)
	}
	plan, err := inodes.Plan(1 << 20)
	if err != nil {
		tb.Fatal(err)
	}
	m := make(memory, 1<<20)
	if err := plan.Write(m); err != nil {
		tb.Fatal(err)
	}
	return m
}

// What is written is what was promised, and it can be changed again.
func TestPutTwice(t *testing.T) {
	for _, kind := range []mkext4.Kind{mkext4.Ext2, mkext4.Ext4} {
		m := image(t, kind)
		for _, text := range []string{"one", "two"} {
			r, err := revision.Put(m, "a/b/c", []byte(text), time.Unix(2, 0))
			if err != nil {
				t.Fatal(err)
			}
			if err := r.Write(m); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(m, r.Next) {
				t.Errorf("%v: what was written is not what was promised", kind)
			}
			fsys, err := ext4.Open(bytes.NewReader(m), int64(len(m)))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := fsys.ReadFile("a/b/c"); err != nil || string(got) != text {
				t.Errorf("%v: %q, %v", kind, got, err)
			}
		}
	}
}

// FuzzPut changes a file system that is damaged: places and values of words.
func FuzzPut(f *testing.F) {
	whole := image(f, mkext4.Ext2) // without checksums, which would hide what is behind them
	r, err := revision.Put(whole, "a/b", make([]byte, 60<<10), time.Unix(2, 0))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte{0, 4, 0, 0, 255, 255, 255, 255}, "a/b")
	f.Add([]byte{8, 16, 0, 0, 1, 0, 0, 0}, "a/c/d")
	f.Fuzz(func(_ *testing.T, patches []byte, name string) {
		m := bytes.Clone(r.Next)
		for ; len(patches) >= 8; patches = patches[8:] {
			copy(m[binary.LittleEndian.Uint32(patches)%uint32(len(m)):], patches[4:8])
		}
		_, _ = revision.Put(m, name, []byte("content"), time.Unix(3, 0)) // an error is an answer
	})
}
