// Package diskimage opens what users have: a raw disk image, or the zip that
// holds one, as Google ships recovery images.
//
//	img, err := diskimage.Open(ctx, "recovery.bin.zip", diskimage.Options{WorkDir: dir})
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
}

// Image is an opened image, read-only.
type Image struct {
	io.ReaderAt
	size  int64
	name  string
	close func() error
}

// Size of the disk in bytes.
func (i *Image) Size() int64 { return i.size }

// Name of the file, with the member's where it is a zip.
func (i *Image) Name() string { return i.name }

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
	name := path + ":" + member.Name
	src, err := member.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	defer src.Close()
	tmp, err := os.CreateTemp(o.WorkDir, ".inflate-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(tmp.Name()); err != nil {
		return nil, errors.Join(err, tmp.Close())
	}
	w := &sparseWriter{ctx: ctx, f: tmp, total: int64(member.UncompressedSize64), progress: o.Progress}
	if _, err := io.CopyBuffer(w, src, make([]byte, 1<<20)); err != nil {
		return nil, errors.Join(inflateError(name, err), tmp.Close())
	}
	if err := tmp.Truncate(w.done); err != nil {
		return nil, errors.Join(fmt.Errorf("inflating %s: %w", name, err), tmp.Close())
	}
	return &Image{ReaderAt: tmp, size: w.done, name: name, close: tmp.Close}, nil
}

func inflateError(name string, err error) error {
	var path *os.PathError
	if errors.As(err, &path) || errors.Is(err, context.Canceled) {
		return fmt.Errorf("inflating %s: %w", name, err)
	}
	return badinput.New("inflating %s", name).Got("%v", err).Want("a whole zip").Fix("fetch the file again")
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
		names = append(names, m.Name)
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

// sparseWriter leaves holes where a buffer is all zero.
type sparseWriter struct {
	ctx         context.Context
	f           *os.File
	done, total int64
	progress    func(done, total int64)
}

func (w *sparseWriter) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	const block = 64 << 10
	for off := 0; off < len(p); off += block {
		part := p[off:min(off+block, len(p))]
		if !zero(part) {
			if _, err := w.f.WriteAt(part, w.done); err != nil {
				return off, err
			}
		}
		w.done += int64(len(part))
	}
	if w.progress != nil {
		w.progress(w.done, w.total)
	}
	return len(p), nil
}

func zero(p []byte) bool {
	for _, c := range p {
		if c != 0 {
			return false
		}
	}
	return true
}
