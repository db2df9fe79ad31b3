package ext4

import (
	"bytes"
	"fmt"
	"io"
)

const bufferSize = 1 << 20

// sparseWriter writes blocks to a target that reads as zeros: it leaves zero
// blocks out and joins neighbours, up to 1 MiB a write.
type sparseWriter struct {
	w    io.WriterAt
	buf  []byte
	off  int64 // where buf belongs
	zero [blockSize]byte
}

func newSparseWriter(w io.WriterAt) *sparseWriter {
	return &sparseWriter{w: w, buf: make([]byte, 0, bufferSize)}
}

// put writes data, a multiple of the block size, from a block on.
func (s *sparseWriter) put(block uint64, data []byte) error {
	for off := int64(block) * blockSize; len(data) > 0; off, data = off+blockSize, data[blockSize:] {
		if bytes.Equal(data[:blockSize], s.zero[:]) {
			continue
		}
		if off != s.off+int64(len(s.buf)) || len(s.buf) == cap(s.buf) {
			if err := s.flush(); err != nil {
				return err
			}
			s.off = off
		}
		s.buf = append(s.buf, data[:blockSize]...)
	}
	return nil
}

// flush writes what is left; it must be called at the end.
func (s *sparseWriter) flush() error {
	if len(s.buf) == 0 {
		return nil
	}
	if _, err := s.w.WriteAt(s.buf, s.off); err != nil {
		return fmt.Errorf("ext4: writing %d bytes at byte %d: %w", len(s.buf), s.off, err)
	}
	s.buf = s.buf[:0]
	return nil
}
