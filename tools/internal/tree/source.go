package tree

import "io"

// Source gives contents of regular files. It is a pointer, and the same for
// all files that come from one place.
type Source interface {
	// Open gives the content of size bytes of the file that was added with
	// this path and position.
	Open(path string, pos, size int64) (io.ReadCloser, error)
}

// opener is a Source made from one Entry.Open.
type opener struct{ open func() (io.ReadCloser, error) }

func (o *opener) Open(string, int64, int64) (io.ReadCloser, error) { return o.open() }

// renamed is a Source for a file that was added with another path.
type renamed struct {
	Source
	path string
}

func (r *renamed) Open(_ string, pos, size int64) (io.ReadCloser, error) {
	return r.Source.Open(r.path, pos, size)
}

// Section is the Source of files that stand in r as they are.
func Section(r io.ReaderAt) Source { return &section{r} }

type section struct{ r io.ReaderAt }

func (s *section) Open(_ string, pos, size int64) (io.ReadCloser, error) {
	return io.NopCloser(io.NewSectionReader(s.r, pos, size)), nil
}
