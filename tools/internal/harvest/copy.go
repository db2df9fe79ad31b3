package harvest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/ctxio"
	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/harvest/report"
	"shimboot/tools/internal/sparse"
)

// item is a file of an image on its way to a name in the output.
type item struct {
	from   *root
	source string // real path
	size   int64  // in the image
	most   int64  // bytes, decompressed
	format compress.Format
	dest   string
}

// file is the item as reports have it, before it is copied.
func (it *item) file() report.File {
	return report.File{Path: it.dest, Origin: it.from.origin, Source: "/" + it.source, Size: it.size}
}

// copy writes it, and gives the file to look, where that is set, before it is
// closed.
func (o *output) copy(ctx context.Context, it item, look func(f *os.File, size int64) error) (report.File, error) {
	done := it.file()
	src, err := it.from.fsys.Open(it.source)
	if err != nil {
		return done, it.from.wrap(err)
	}
	defer src.Close()
	f, err := o.create(it.dest)
	if err != nil {
		return done, err
	}
	p := pouring{ctx: ctx, f: f, sum: sha256.New(), buf: o.bufs.Get().(*[256 << 10]byte)}
	defer o.bufs.Put(p.buf)
	done.Size, err = p.pour(src, it)
	done.SHA256 = hex.EncodeToString(p.sum.Sum(nil))
	if err == nil && look != nil {
		err = look(f, done.Size)
	}
	if err = firstError(err, f.Close(), o.count(done.Size)); err != nil {
		return done, fmt.Errorf("%s: %w", it.from.name(it.source), err)
	}
	return done, nil
}

// pouring fills a file and hashes what goes into it, with bounded memory.
type pouring struct {
	ctx context.Context
	f   *os.File
	sum hash.Hash
	buf *[256 << 10]byte
}

// pour decompresses src into the file, and gives the size of that.
func (p *pouring) pour(src io.Reader, it item) (int64, error) {
	if it.format != compress.None {
		z, err := compress.NewReader(it.format, src)
		if err != nil {
			return 0, err
		}
		defer z.Close()
		src = z
	} else if h, ok := src.(ext4.File); ok {
		return it.size, p.pieces(h, it)
	}
	n, err := p.copy(sparse.NewWriter(p.f), io.LimitReader(src, it.most+1))
	if err == nil && n > it.most {
		err = it.tooLarge()
	}
	return n, firstError(err, p.f.Truncate(n))
}

// pieces keeps the holes of a file, so that one of nothing else takes no more
// room than it does in its image.
func (p *pouring) pieces(src ext4.File, it item) error {
	size := it.size
	if size > it.most {
		return it.tooLarge()
	}
	for at := int64(0); at < size; {
		start, end, err := src.NextData(at)
		if errors.Is(err, io.EOF) {
			start, end = size, size
		} else if err != nil {
			return err
		}
		if _, err := p.copy(io.Discard, io.LimitReader(zeros{}, start-at)); err != nil {
			return err
		}
		if _, err := p.copy(io.NewOffsetWriter(p.f, start), io.NewSectionReader(src, start, end-start)); err != nil {
			return err
		}
		at = end
	}
	return p.f.Truncate(size)
}

// copy hashes what it copies. Only Reader and Writer are shown, so that the
// buffer is what is used.
func (p *pouring) copy(w io.Writer, r io.Reader) (int64, error) {
	return io.CopyBuffer(struct{ io.Writer }{io.MultiWriter(ctxio.Writer(p.ctx, w), p.sum)}, struct{ io.Reader }{r}, p.buf[:])
}

// zeros is what a hole reads as.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func (it *item) tooLarge() error {
	return badinput.New("size").Got("more than %d bytes", it.most).Want("a driver's file")
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
