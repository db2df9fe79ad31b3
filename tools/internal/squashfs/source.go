package squashfs

import (
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"

	"github.com/diskfs/go-diskfs/backend"

	"shimboot/tools/internal/badinput"
)

// errPastEnd is not io.EOF, which go-diskfs takes for nothing read and goes on.
var errPastEnd = errors.New("it leads past the end")

// source shows a reader to go-diskfs as the file it wants, and remembers
// whether reading failed: of errors, go-diskfs gives the text at most.
type source struct {
	*io.SectionReader
	compression string
	mu          sync.Mutex
	err         error
	tables      map[int64]int // blocks of tables to be read next: their sizes, by place
	left        int64         // bytes of tables that may still be inflated at once
	all         int64         // in all
}

const (
	// maxTables is what one operation may inflate of tables: a directory that
	// takes a hundredth of that has a hundred thousand names. The same block may
	// be named, and is inflated, any number of times.
	maxTables = 32 << 20

	// maxAllTables is what all operations may. To list a directory, go-diskfs reads
	// those above it again.
	maxAllTables = 16 << 30

	// headerSize is what stands in front of a block of tables: its size.
	headerSize = 2
	isPlain    = 0x8000 // it is not compressed
)

func newSource(r io.ReaderAt, s *superblock) *source {
	return &source{
		SectionReader: io.NewSectionReader(r, 0, int64(s.BytesUsed)),
		compression:   compressionName(s.Compression), tables: map[int64]int{}, left: maxTables, all: maxAllTables,
	}
}

func (s *source) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= s.Size() {
		return 0, errPastEnd
	}
	n, err := s.SectionReader.ReadAt(p, off)
	if err == nil || errors.Is(err, io.EOF) {
		if refused := s.check(p[:n], off); refused != nil {
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

// check refuses what would inflate to too much. A block of tables is one whose
// size was read just before.
func (s *source) check(b []byte, off int64) error {
	s.mu.Lock()
	size, table := s.tables[off]
	table = table && size == len(b)
	delete(s.tables, off)
	if len(b) == headerSize {
		s.tables[off+headerSize] = int(binary.LittleEndian.Uint16(b) &^ isPlain)
	}
	if table {
		s.left -= maxTable
		s.all -= maxTable
	}
	left, all := s.left, s.all
	s.mu.Unlock()
	switch {
	case left < 0:
		return badinput.New("squashfs tables").At(off).Got("more than %d bytes to be read at once", maxTables).Want("at most that")
	case all < 0:
		return badinput.New("squashfs tables").At(off).Got("more than %d bytes to be read in all", int64(maxAllTables)).Want("at most that")
	case table:
		return checkInflated(s.compression, b, off, maxTable)
	}
	return checkInflated(s.compression, b, off, maxClaim)
}

// begin starts an operation that reads tables.
func (s *source) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left = maxTables
	clear(s.tables)
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
