package squashfs_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"shimboot/tools/internal/squashfs"
	"shimboot/tools/internal/testenv/hostile"
)

// reads counts those of an image.
type reads struct {
	io.ReaderAt
	n int
}

func (r *reads) ReadAt(p []byte, off int64) (int, error) {
	r.n++
	return r.ReaderAt.ReadAt(p, off)
}

// A directory is read once and not for each of its names, however many it has.
func TestLargeDirectoryIsReadOnce(t *testing.T) {
	image := hostile.SquashfsChain(t, 40_000)
	r := &reads{ReaderAt: bytes.NewReader(image)}
	fsys, err := squashfs.Open(r, int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	before := 0
	for i := range 5 {
		if _, err := fsys.Lstat(fmt.Sprint("lib/firmware/l", i)); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			before = r.n
		}
	}
	if r.n != before {
		t.Errorf("%d reads, then %d more for names of the same directory", before, r.n-before)
	}
}
