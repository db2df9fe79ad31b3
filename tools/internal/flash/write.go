package flash

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/gpt"
)

// Disk is what is written to. Memory of whole pages at offsets of whole pages
// may bypass caches; all else goes through them. ReadAt reads what the medium
// has, after Sync.
type Disk interface {
	io.ReaderAt
	io.WriterAt
	Size() int64 // bytes, whole sectors of 512
	Zero(off, n int64) error
	Sync() error
}

// Progress is told how many of how many bytes are done; either may be nil.
type Progress struct {
	Writing, Checking func(done, total int64)
}

// IncompleteError is what ended Write after its first change to the disk.
type IncompleteError struct {
	Err   error
	Wiped bool // the disk has no table, old or new; else nobody knows
}

func (e *IncompleteError) Error() string {
	what := e.Err.Error()
	if errors.Is(e.Err, context.Canceled) {
		what = "interrupted"
	}
	if !e.Wiped {
		return what + "; the disk may have an old or a new partition table, or a part of one: flash it again"
	}
	return what + "; the disk has no partition table now and boots nothing: flash it again"
}

// Unwrap hides that it was interrupted: who sees that says that nothing was
// written.
func (e *IncompleteError) Unwrap() error {
	if errors.Is(e.Err, context.Canceled) {
		return nil
	}
	return e.Err
}

type job struct {
	src      *Source
	disk     Disk
	progress Progress
	seed     maphash.Seed
	written  []written
	zeros    Ranges
	named    search // is the reader's while it reads
}

// Fits refuses a disk that is too small.
func (s *Source) Fits(size int64) error {
	if size < s.Size() {
		return badinput.New("disk").Got("%d bytes", size).Want("at least %d, the image's size", s.Size()).
			Fix("use a larger stick, or build the image smaller")
	}
	return nil
}

// Result counts bytes of the image.
type Result struct {
	Data, Zeros int64 // written
	Kept        int64 // free in a file system: what the disk had is still there
	Named       []Named
}

// Write writes the image to the disk and reads it back. An error after the
// first change to the disk is an *IncompleteError.
func Write(ctx context.Context, src *Source, disk Disk, progress Progress) (*Result, error) {
	if err := src.Fits(disk.Size()); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	j := &job{src: src, disk: disk, progress: progress, seed: maphash.MakeSeed()}
	if err := j.wipe(); err != nil {
		return nil, &IncompleteError{Err: err}
	}
	for _, step := range []func(context.Context) error{j.copyData, j.zero, j.check} {
		if err := step(ctx); err != nil {
			return nil, &IncompleteError{err, true}
		}
	}
	if err := j.table(); err != nil {
		return nil, &IncompleteError{err, j.wipe() == nil} // it may have a copy of the table already
	}
	r := &Result{Data: j.data().Size(), Zeros: j.zeros.Size(), Named: j.named.found}
	r.Kept = src.Size() - r.Data - r.Zeros
	return r, nil
}

// data is what was written of the image.
func (j *job) data() Ranges {
	var data Ranges
	for _, w := range j.written {
		data = data.Add(w.Range)
	}
	return data
}

// wipe takes the old tables away, and what else tells at a disk's ends what it
// is.
func (j *job) wipe() error {
	size := j.disk.Size()
	n := min(edge, size)
	return errors.Join(j.disk.Zero(0, n), j.disk.Zero(size-n, n), j.disk.Sync())
}

// zero writes the zeros that count.
func (j *job) zero(ctx context.Context) error {
	j.zeros = Ranges{{0, j.src.Size()}}.Minus(j.data())
	j.zeros = MustZero(&view{j.disk, j.zeros}, j.src.Table, j.zeros)
	for _, r := range j.zeros {
		for at := r.Start; at < r.End; at += zeroStep {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := j.disk.Zero(at, min(zeroStep, r.End-at)); err != nil {
				return err
			}
		}
	}
	return j.disk.Sync()
}

// zeroStep bounds how long an interruption waits.
const zeroStep = 16 << 20

// table writes the partition table, as the disk's size has it: the backup
// first, as a disk with the primary alone would boot already.
func (j *job) table() error {
	head, tail := j.src.Head.For(j.disk.Size())
	for _, t := range []struct {
		b   []byte
		off int64
	}{{tail, j.disk.Size() - gpt.TailSize}, {head, 0}} {
		if _, err := j.disk.WriteAt(t.b, t.off); err != nil {
			return err
		}
		if err := j.disk.Sync(); err != nil {
			return err
		}
		got := make([]byte, len(t.b))
		if _, err := j.disk.ReadAt(got, t.off); err != nil {
			return err
		}
		if !bytes.Equal(got, t.b) {
			return differs(Range{t.off, t.off + int64(len(t.b))})
		}
	}
	return nil
}

func differs(r Range) error {
	return fmt.Errorf("bytes %d to %d read back other than they were written: the disk is failing, or smaller than it says",
		r.Start, r.End)
}
