package testenv

import "io"

// BadBlock is a medium that cannot be read at one byte: who reads that gets
// what is before it, and Err.
type BadBlock struct {
	io.ReaderAt
	At  int64
	Err error
}

func (b BadBlock) ReadAt(p []byte, off int64) (int, error) {
	if off <= b.At && b.At < off+int64(len(p)) {
		n, _ := b.ReaderAt.ReadAt(p[:b.At-off], off)
		return n, b.Err
	}
	return b.ReaderAt.ReadAt(p, off)
}
