package sparse

import "io"

// Writer writes a file that is empty from its start, and leaves holes where
// there would be zeros. The file's size is for the caller to set: it may end in a
// hole.
type Writer struct {
	file io.WriterAt
	at   int64
}

// NewWriter starts at the first byte.
func NewWriter(file io.WriterAt) *Writer { return &Writer{file: file} }

// holeSize is what is looked at at once. A file system has blocks of 4 KiB, and
// a call for each would take longer than zeros do.
const holeSize = 64 << 10

func (w *Writer) Write(p []byte) (int, error) {
	done := 0
	for done < len(p) {
		part := p[done:min(int64(len(p)), int64(done)+holeSize-w.at%holeSize)]
		if !Zero(part) {
			if n, err := w.file.WriteAt(part, w.at); err != nil {
				return done + n, err
			}
		}
		done, w.at = done+len(part), w.at+int64(len(part))
	}
	return done, nil
}
