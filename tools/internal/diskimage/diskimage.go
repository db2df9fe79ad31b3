// Package diskimage opens what users have: a raw disk image, or the zip that
// holds one, as Google ships recovery images.
//
//	img, err := diskimage.Open(ctx, "recovery.bin.zip", diskimage.Options{WorkDir: diskimage.ScratchDir()})
//	defer img.Close()
//	table, err := gpt.Read(img, img.Size())
//
// Who wants one range of it only, such as a partition, takes OpenForward,
// which inflates no more of a zip than up to there, and that into memory.
package diskimage

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/klauspost/compress/flate"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/seekable"
	"shimboot/tools/internal/sparse"
)

// Options for Open.
type Options struct {
	// WorkDir is where a zip is inflated to, into a file without a name that
	// vanishes with the process. Required for zips.
	WorkDir string
	// Progress, where set, is told how many of how many bytes are inflated.
	Progress func(done, total int64)
	// MaxSize is the largest image that is inflated; 0 means 64 GiB, more than
	// any that Google ships.
	MaxSize int64
}

const defaultMaxSize = 64 << 30

func (o *Options) limit() int64 {
	if o.MaxSize == 0 {
		return defaultMaxSize
	}
	return o.MaxSize
}

// Image is an opened image, read-only.
type Image struct {
	io.ReaderAt
	size  int64
	name  string
	zip   bool
	close func() error

	forward *forward // where it is inflated on demand
}

// Size of the disk in bytes.
func (i *Image) Size() int64 { return i.size }

// Name of the file, with the member's where it is a zip. It is as hostile as
// the zip is.
func (i *Image) Name() string { return i.name }

// Zip tells that the image is a copy out of a zip.
func (i *Image) Zip() bool { return i.zip }

// Close frees what Open took.
func (i *Image) Close() error { return i.close() }

// Open opens path, a raw image or a zip of one. Inflating ends with ctx.
func Open(ctx context.Context, path string, o Options) (*Image, error) {
	return open(ctx, path, o, inflate)
}

// zipOpener opens the member of the zip f, which is its own if it succeeds.
type zipOpener func(ctx context.Context, f *os.File, member *zip.File, path string, o Options) (*Image, error)

func open(ctx context.Context, path string, o Options, zipped zipOpener) (*Image, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	head := make([]byte, 4)
	if n, err := f.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	} else if n < len(head) {
		return nil, errors.Join(fmt.Errorf("%s: %w", path,
			badinput.New("image").Got("%d bytes", size).Want("a disk image")), f.Close())
	}
	if !compress.IsZip(head) {
		return &Image{ReaderAt: f, size: size, name: path, close: f.Close}, nil
	}
	member, err := onlyImage(io.NewSectionReader(f, 0, size), size, o)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	img, err := zipped(ctx, f, member, path, o)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return img, nil
}

// openFile opens a file or a disk. A directory may be an unpacked zip's.
func openFile(path string) (*os.File, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, badinput.New("%s is a directory", path).Fix("name the image file in it")
	}
	return seekable.Open(path)
}

// inflate unpacks the member of a zip into a sparse file of no name.
func inflate(ctx context.Context, f *os.File, member *zip.File, path string, o Options) (*Image, error) {
	what := zipName(path, member)
	src, err := member.Open()
	if err != nil {
		return nil, inflateError(what, err)
	}
	defer src.Close()
	tmp, err := os.CreateTemp(o.WorkDir, ".inflate-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(tmp.Name()); err != nil {
		return nil, errors.Join(err, tmp.Close())
	}
	w := &sparseWriter{ctx: ctx, out: sparse.NewWriter(tmp), limit: o.limit(), total: int64(member.UncompressedSize64), progress: o.Progress}
	if _, err := io.CopyBuffer(w, src, make([]byte, 1<<20)); err != nil {
		return nil, errors.Join(inflateError(what, err), tmp.Close())
	}
	if err := tmp.Truncate(w.done); err != nil {
		return nil, errors.Join(inflateError(what, err), tmp.Close())
	}
	return &Image{
		ReaderAt: tmp, size: w.done, name: path + ":" + member.Name, zip: true,
		close: func() error { return errors.Join(tmp.Close(), f.Close()) },
	}, nil
}

// zipName is for messages; the member's name is the zip's to choose.
func zipName(path string, member *zip.File) string { return fmt.Sprintf("%s: %q", path, member.Name) }

func tooLarge(size uint64, limit int64) error {
	return badinput.New("image").Got("%d bytes or more", size).Want("at most %d", limit)
}

func inflateError(what string, err error) error {
	var path *os.PathError
	if errors.As(err, &path) || errors.Is(err, context.Canceled) || badinput.Is(err) {
		return fmt.Errorf("inflating %s: %w", what, err)
	}
	return badinput.New("inflating %s", what).Got("%v", err).Want("a whole zip").Fix("fetch the file again")
}

// onlyImage is the one member that is a disk image.
func onlyImage(r io.ReaderAt, size int64, o Options) (*zip.File, error) {
	z, err := zip.NewReader(r, size)
	var path *os.PathError
	switch {
	case errors.As(err, &path):
		return nil, err
	case err != nil: // zip's own say no more
		return nil, badinput.New("this is no zip, or it is cut off").Fix("fetch the file again")
	}
	z.RegisterDecompressor(zip.Deflate, flate.NewReader)
	var found []*zip.File
	var names []string
	for _, m := range z.File {
		names = append(names, strconv.Quote(m.Name))
		switch filepath.Ext(m.Name) {
		case ".bin", ".img":
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		return nil, badinput.New("zip").Got("%d disk images among %s", len(found), strings.Join(names, ", ")).
			Want("one .bin or .img file")
	}
	if n := found[0].UncompressedSize64; n > uint64(o.limit()) {
		return nil, fmt.Errorf("%q: %w", found[0].Name, tooLarge(n, o.limit()))
	}
	return found[0], nil
}
