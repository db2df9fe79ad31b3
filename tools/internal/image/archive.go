package image

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/cpio"
	"shimboot/tools/internal/ctxio"
	"shimboot/tools/internal/diskimage"
	"shimboot/tools/internal/seekable"
	"shimboot/tools/internal/sparse"
	"shimboot/tools/internal/tartree"
	"shimboot/tools/internal/tree"
)

// sources opens what trees are made of and keeps it open until Close.
type sources struct {
	ctx   context.Context // ends the reading of archives
	time  time.Time
	files []source
	stdin bool // is in use

	fixed int64 // size of the partition that is filled; 0: as its content takes
	left  int64 // bytes that may still be unpacked for partitions of no fixed size
	limit int64 // what left was
}

// defaultLimit is more than any root takes.
const defaultLimit = 32 << 30

func newSources(ctx context.Context, o Options) *sources {
	limit := cmp.Or(o.MaxSize, defaultLimit)
	return &sources{ctx: ctx, time: o.Time, left: limit, limit: limit}
}

// source is an open file.
type source struct {
	*os.File
	was fs.FileInfo // when it was opened; nil for a file of our own
}

func (s *sources) Close() error {
	var first error
	for _, f := range s.files {
		if err := f.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// keep opens a file by name.
func (s *sources) keep(name string) (*os.File, error) {
	f, err := seekable.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	s.files = append(s.files, source{f, info})
	return f, err
}

// unchanged makes sure that nobody wrote to a file that was read at two times:
// once to know what is in it, once for the contents.
func (s *sources) unchanged() error {
	for _, f := range s.files {
		if f.was == nil {
			continue
		}
		info, err := f.Stat()
		if err != nil {
			return err
		}
		if info.Size() != f.was.Size() || !info.ModTime().Equal(f.was.ModTime()) {
			return fmt.Errorf("%s: changed while it was read", f.Name())
		}
	}
	return nil
}

func (s *sources) cpio(t *tree.Packed, name string) error {
	f, err := s.open(name)
	if err != nil {
		return err
	}
	size, err := seekable.Size(f)
	if err != nil {
		return err
	}
	entries, err := cpio.Read(f, size)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return t.AddAll(entries)
}

// tar reads an archive from where it is, or from a file without a name that
// it is unpacked to: contents are read once the image is laid out.
func (s *sources) tar(t *tree.Packed, name string) error {
	f, err := s.open(name)
	if err != nil {
		return err
	}
	f, size, err := s.plain(f)
	if err == nil {
		err = tartree.Add(t, f, size)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// open opens a file by name, or standard input for "-".
func (s *sources) open(name string) (*os.File, error) {
	if name != stdinName {
		return s.keep(name)
	}
	if s.stdin {
		return nil, badinput.New("source").Got(`"-" twice`).Want("standard input once")
	}
	s.stdin = true
	return os.Stdin, nil
}

// stdinName is standard input's.
const stdinName = "-"

// plain gives f, or an unpacked copy where it is compressed or a pipe.
func (s *sources) plain(f *os.File) (plain *os.File, size int64, err error) {
	head := make([]byte, compress.HeadSize)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, 0, err
	}
	head = head[:n]
	format := compress.DetectFile(head)
	if format == compress.None {
		if size, err := f.Seek(0, io.SeekEnd); err == nil {
			return f, size, nil
		}
	}
	r, err := compress.NewFileReader(format, io.MultiReader(bytes.NewReader(head), f))
	if err != nil {
		return nil, 0, err
	}
	defer r.Close()
	tmp, err := s.scratch()
	if err != nil {
		return nil, 0, err
	}
	size, err = s.unpack(tmp, r)
	return tmp, size, err
}

// scratch makes a file that has no name.
func (s *sources) scratch() (*os.File, error) {
	tmp, err := os.CreateTemp(diskimage.ScratchDir(), ".untar-*")
	if err != nil {
		return nil, err
	}
	s.files = append(s.files, source{File: tmp})
	return tmp, os.Remove(tmp.Name())
}

// unpack fills a file with what an archive is, but for its zeros. It stops at
// what the partition could hold.
func (s *sources) unpack(to *os.File, r io.Reader) (size int64, err error) {
	room := &s.left
	if s.fixed > 0 {
		left := s.fixed
		room = &left
	}
	w := sparse.NewWriter(to)
	size, err = io.CopyBuffer(ctxio.Writer(s.ctx, w), io.LimitReader(r, *room+1), make([]byte, 1<<20))
	if err == nil {
		err = to.Truncate(size)
	}
	if *room -= size; err != nil || *room >= 0 {
		return size, err
	}
	bad := badinput.New("archive")
	if s.fixed > 0 {
		return size, bad.Got("more than %d bytes, unpacked", s.fixed).Want("at most that, the partition's size").
			Fix("make the partition larger; or unpack the archive before: a plain one is read from where it is")
	}
	return size, &compress.LimitError{Err: bad.Got("more than %d bytes, unpacked", s.limit).Want("at most that")}
}
