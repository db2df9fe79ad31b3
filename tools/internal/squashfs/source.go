package squashfs

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"

	"github.com/diskfs/go-diskfs/backend"
)

// errPastEnd is not io.EOF, which go-diskfs takes for nothing read and goes on.
var errPastEnd = errors.New("it leads past the end")

// source shows a reader to go-diskfs as the file it wants, and remembers
// whether reading failed: of errors, go-diskfs gives the text at most.
type source struct {
	*io.SectionReader
	frames bool // what is read may be zstd
	mu     sync.Mutex
	err    error
}

func newSource(r io.ReaderAt, s *superblock) *source {
	return &source{
		SectionReader: io.NewSectionReader(r, 0, int64(s.BytesUsed)),
		frames:        compressionName(s.Compression) == "zstd",
	}
}

func (s *source) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= s.Size() {
		return 0, errPastEnd
	}
	n, err := s.SectionReader.ReadAt(p, off)
	if s.frames && (err == nil || errors.Is(err, io.EOF)) {
		if refused := checkFrames(p[:n], off); refused != nil {
			n, err = 0, refused
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.err == nil {
			s.err = err
		}
	}
	return n, err
}

// failed is the first error of the reader, or refusal of what it read.
func (s *source) failed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

func (s *source) Stat() (fs.FileInfo, error) { return nil, backend.ErrNotSuitable }

func (s *source) Close() error { return nil }

func (s *source) Sys() (*os.File, error) { return nil, backend.ErrNotSuitable }

func (s *source) Writable() (backend.WritableFile, error) { return nil, backend.ErrIncorrectOpenMode }

func (s *source) Path() string { return "" }
