package flash

import (
	"cmp"
	"context"
	"hash/maphash"
	"io"
	"slices"

	"shimboot/tools/internal/sparse"
)

// check reads back everything that was written, zeros too.
func (j *job) check(ctx context.Context) error {
	total := j.zeros.Size()
	for _, w := range j.written {
		total += w.End - w.Start
	}
	buf := alignedBuffer()
	var done int64
	one := func(r Range, same func(b []byte) bool) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		b := buf[:r.End-r.Start]
		if _, err := j.disk.ReadAt(b, r.Start); err != nil {
			return err
		}
		if !same(b) {
			return differs(r)
		}
		done += int64(len(b))
		report(j.progress.Checking, done, total)
		return nil
	}
	for _, w := range j.written {
		if err := one(w.Range, func(b []byte) bool { return maphash.Bytes(j.seed, b) == w.sum }); err != nil {
			return err
		}
	}
	for _, r := range j.zeros {
		for at := r.Start; at < r.End; at += bufferSize {
			if err := one(Range{at, min(at+bufferSize, r.End)}, sparse.Zero); err != nil {
				return err
			}
		}
	}
	return nil
}

// view reads the disk as the image is: with zeros where it has them, whether
// or not they are written yet.
type view struct {
	disk  io.ReaderAt
	zeros Ranges
}

func (v *view) ReadAt(p []byte, off int64) (int, error) {
	n, err := v.disk.ReadAt(p, off)
	first, _ := slices.BinarySearchFunc(v.zeros, off, func(r Range, off int64) int { return cmp.Compare(r.End, off) })
	for _, r := range v.zeros[first:] {
		if r.Start >= off+int64(n) {
			break
		}
		clearAt(p[:n], off, r)
	}
	return n, err
}
