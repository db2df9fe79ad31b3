package ext4

import (
	"errors"
	"fmt"
	"io"
)

// files writes the contents of all regular files.
func (w *writer) files() error {
	w.buf = make([]byte, bufferSize)
	for k := range w.nodes {
		n := &w.nodes[k]
		if !n.e.Mode.IsRegular() || n.e.Open == nil {
			continue
		}
		if err := w.file(n); err != nil {
			return err
		}
	}
	return nil
}

// file copies the content of one file, which must be as long as announced.
func (w *writer) file(n *node) error {
	r, err := n.e.Open()
	if err != nil {
		return &TreeError{n.e.Path, err}
	}
	err = w.copy(r, n)
	if err := errors.Join(err, r.Close()); err != nil {
		return &TreeError{n.e.Path, err}
	}
	return nil
}

func (w *writer) copy(r io.Reader, n *node) error {
	left := n.size
	for _, run := range w.alloc.of(n.data) {
		for run.n > 0 {
			blocks := min(run.n, bufferSize/blockSize)
			b := w.buf[:blocks*blockSize]
			if short := int64(len(b)) - left; short > 0 {
				clear(b[left:]) // the rest of the last block
			}
			got, err := io.ReadFull(r, b[:min(left, int64(len(b)))])
			left -= int64(got)
			switch {
			case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
				return fmt.Errorf("the content ends after %d of the %d bytes announced", n.size-left, n.size)
			case err != nil:
				return err
			}
			if err := w.out.put(run.start, b); err != nil {
				return err
			}
			run.start, run.n = run.start+blocks, run.n-blocks
		}
	}
	return wantEnd(r, n.size)
}

// wantEnd makes sure that nothing follows size bytes of content.
func wantEnd(r io.Reader, size int64) error {
	var more [1]byte
	switch n, err := io.ReadFull(r, more[:]); {
	case n > 0:
		return fmt.Errorf("the content is longer than the %d bytes announced", size)
	case errors.Is(err, io.EOF):
		return nil
	default:
		return err
	}
}
