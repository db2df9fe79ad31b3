package testenv

import "io"

// BadBlock is a medium that cannot be read at one byte: who reads that gets Err.
type BadBlock struct {
	io.ReaderAt
	At  int64
	Err error
}

func (b BadBlock) ReadAt(p []byte, off int64) (int, error) {
	if off <= b.At && b.At < off+int64(len(p)) {
		return 0, b.Err
	}
	return b.ReaderAt.ReadAt(p, off)
}
