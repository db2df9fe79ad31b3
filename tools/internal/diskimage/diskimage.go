// Package diskimage opens what users have: a raw disk image, or the zip that
// holds one, as Google ships recovery images.
//
//	img, err := diskimage.Open(ctx, "recovery.bin.zip", diskimage.Options{WorkDir: diskimage.ScratchDir()})
//	defer img.Close()
//	table, err := gptdisk.Read(img, img.Size())
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

	"shimboot/tools/internal/badinput"
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

// Image is an opened image, read-only.
type Image struct {
	io.ReaderAt
	size  int64
	name  string
	zip   bool
	close func() error
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
	f, err := os.Open(path)
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
	if string(head) != "PK\x03\x04" {
		return &Image{ReaderAt: f, size: size, name: path, close: f.Close}, nil
	}
	img, err := inflate(ctx, f, size, path, o)
	return img, errors.Join(err, f.Close())
}

// inflate unpacks the one image of a zip into a sparse file of no name.
func inflate(ctx context.Context, f *os.File, size int64, path string, o Options) (*Image, error) {
	member, err := onlyImage(f, size)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	what := fmt.Sprintf("%s: %q", path, member.Name)
	limit := o.MaxSize
	if limit == 0 {
		limit = defaultMaxSize
	}
	if member.UncompressedSize64 > uint64(limit) {
		return nil, fmt.Errorf("%s: %w", what, tooLarge(member.UncompressedSize64, limit))
	}
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
	w := &sparseWriter{ctx: ctx, f: tmp, limit: limit, total: int64(member.UncompressedSize64), progress: o.Progress}
	if _, err := io.CopyBuffer(w, src, make([]byte, 1<<20)); err != nil {
		return nil, errors.Join(inflateError(what, err), tmp.Close())
	}
	if err := tmp.Truncate(w.done); err != nil {
		return nil, errors.Join(inflateError(what, err), tmp.Close())
	}
	return &Image{ReaderAt: tmp, size: w.done, name: path + ":" + member.Name, zip: true, close: tmp.Close}, nil
}

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
func onlyImage(r io.ReaderAt, size int64) (*zip.File, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, badinput.New("zip").Got("%v", err).Want("a whole zip").Fix("fetch the file again")
	}
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
	return found[0], nil
}
