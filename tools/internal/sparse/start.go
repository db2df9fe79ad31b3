package sparse

import "io"

// Start reads size bytes of which d are the first, and the rest zeros.
func Start(d []byte, size int64) io.ReaderAt { return &start{d, size} }

type start struct {
	d    []byte
	size int64
}

func (s *start) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= s.size {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), s.size-off))
	clear(p[:n])
	if off < int64(len(s.d)) {
		copy(p[:n], s.d[off:])
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}
