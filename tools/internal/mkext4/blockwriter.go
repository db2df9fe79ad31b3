package mkext4

import (
	"fmt"
	"io"
)

const bufferSize = 1 << 20

// blockWriter joins blocks that follow each other, up to 1 MiB a write.
type blockWriter struct {
	w   io.WriterAt
	buf []byte
	off int64 // where buf belongs
}

func newBlockWriter(w io.WriterAt) *blockWriter {
	return &blockWriter{w: w, buf: make([]byte, 0, bufferSize)}
}

// put writes data, a multiple of the block size, from a block on.
func (w *blockWriter) put(block uint64, data []byte) error {
	for off := int64(block) * blockSize; len(data) > 0; {
		if off != w.off+int64(len(w.buf)) || len(w.buf) == cap(w.buf) {
			if err := w.flush(); err != nil {
				return err
			}
			w.off = off
		}
		n := min(len(data), cap(w.buf)-len(w.buf))
		w.buf = append(w.buf, data[:n]...)
		off, data = off+int64(n), data[n:]
	}
	return nil
}

// zeros writes n blocks of zeros.
func (w *blockWriter) zeros(block, n uint64) error {
	zero := make([]byte, min(n, 64)*blockSize)
	for n > 0 {
		k := min(n, 64)
		if err := w.put(block, zero[:k*blockSize]); err != nil {
			return err
		}
		block, n = block+k, n-k
	}
	return nil
}

// flush writes what is left; it must be called at the end.
func (w *blockWriter) flush() error {
	if len(w.buf) == 0 {
		return nil
	}
	err := writeAt(w.w, w.buf, w.off)
	w.buf = w.buf[:0]
	return err
}

func writeAt(w io.WriterAt, b []byte, off int64) error {
	if _, err := w.WriteAt(b, off); err != nil {
		return fmt.Errorf("ext4: writing %d bytes at byte %d: %w", len(b), off, err)
	}
	return nil
}
