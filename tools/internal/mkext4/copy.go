package mkext4

import (
	"errors"
	"fmt"
	"io"
	"runtime"

	"shimboot/tools/internal/parallel"
)

// batch is files whose contents lie together on the disk and go into one
// buffer, or one file of any length.
type batch struct {
	files []int
	x     span
}

// batches divides the regular files, in the order they lie in.
func (w *writer) batches(yield func(batch) bool) {
	b, next := batch{}, uint64(0)
	for k := range w.nodes {
		n := &w.nodes[k]
		if n.data == 0 || !w.tree.Mode(k).IsRegular() {
			continue
		}
		x := w.data(k)
		holes := w.tree.Data(k) != nil // then it is no single piece
		if len(b.files) > 0 && (x.start != next || (b.x.n+x.n)*blockSize > bufferSize || holes) {
			if !yield(b) {
				return
			}
			b = batch{}
		}
		if len(b.files) == 0 {
			b.x.start = x.start
		}
		b.files, b.x.n, next = append(b.files, k), b.x.n+x.n, x.start+x.n
		if holes {
			next = 0 // nothing joins it
		}
	}
	if len(b.files) > 0 {
		yield(b)
	}
}

// copiers is how many read at once: enough that the disk always has some to
// fetch, few enough that their buffers stay small.
func copiers() int { return min(8, 2*runtime.GOMAXPROCS(0)) }

// files writes the contents of all regular files. Every one has its place, so
// the order does not matter.
func (w *writer) files() error {
	return parallel.Each(copiers(), w.batches, func() func(batch) error {
		c := &copier{w, make([]byte, bufferSize)}
		return c.copy
	})
}

// copier has the buffer of one who copies.
type copier struct {
	*writer
	buf []byte
}

// copy writes the contents of a batch's files.
func (c *copier) copy(b batch) error {
	if len(b.files) == 1 {
		return c.file(b.files[0], c.large)
	}
	buf := c.buf[:0]
	for _, k := range b.files {
		size := c.tree.Size(k)
		d := c.buf[len(buf):][:int64(c.dataBlocks(k))*blockSize]
		clear(d[size:]) // the rest of the last block
		err := c.file(k, func(r io.Reader, _ int) error { return fill(r, d[:size], size, size) })
		if err != nil {
			return err
		}
		buf = c.buf[:len(buf)+len(d)]
	}
	for _, r := range c.runs(b.x) {
		if err := writeAt(c.target, buf[:r.n*blockSize], int64(r.start)*blockSize); err != nil {
			return err
		}
		buf = buf[r.n*blockSize:]
	}
	return nil
}

// file opens one file for do; it must be as long as announced.
func (c *copier) file(k int, do func(r io.Reader, k int) error) error {
	e := c.tree.Entry(k)
	r, err := e.Open()
	if err != nil {
		return &TreeError{e.Path, err}
	}
	err = do(r, k)
	if err == nil {
		err = wantEnd(r, e.Size)
	}
	if err := errors.Join(err, r.Close()); err != nil {
		return &TreeError{e.Path, err}
	}
	return nil
}

// large copies a file piece by piece.
func (c *copier) large(r io.Reader, k int) error {
	size, at := c.tree.Size(k), int64(0)
	for _, e := range extents(c.segments(k), c.runs(c.data(k))) {
		for e.n > 0 {
			if err := skipHole(r, &at, int64(e.logical)*blockSize, size); err != nil {
				return err
			}
			blocks := min(e.n, bufferSize/blockSize)
			b := c.buf[:blocks*blockSize]
			n := min(int64(len(b)), size-at)
			clear(b[n:]) // the rest of the last block
			if err := fill(r, b[:n], size, size-at); err != nil {
				return err
			}
			if err := writeAt(c.target, b, int64(e.start)*blockSize); err != nil {
				return err
			}
			at += n
			e.logical, e.start, e.n = e.logical+blocks, e.start+blocks, e.n-blocks
		}
	}
	return skipHole(r, &at, size, size)
}

// skipHole moves on to a byte of a content.
func skipHole(r io.Reader, at *int64, to, size int64) error {
	if *at == to {
		return nil
	}
	if s, ok := r.(io.Seeker); ok {
		_, err := s.Seek(to, io.SeekStart)
		*at = to
		return err
	}
	n, err := io.CopyN(io.Discard, r, to-*at)
	*at += n
	if errors.Is(err, io.EOF) {
		return shortError(*at, size)
	}
	return err
}

// fill reads b from a content of size bytes of which left are to come.
func fill(r io.Reader, b []byte, size, left int64) error {
	n, err := io.ReadFull(r, b)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return shortError(size-left+int64(n), size)
	}
	return err
}

func shortError(got, size int64) error {
	return fmt.Errorf("the content ends after %d of the %d bytes announced; it changed while it was read", got, size)
}

// wantEnd makes sure that nothing follows size bytes of content.
func wantEnd(r io.Reader, size int64) error {
	var more [1]byte
	switch n, err := io.ReadFull(r, more[:]); {
	case n > 0:
		return fmt.Errorf("the content is longer than the %d bytes announced; it changed while it was read", size)
	case errors.Is(err, io.EOF):
		return nil
	default:
		return err
	}
}
