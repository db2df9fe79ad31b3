package harvest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
)

// item is a file of an image on its way to a name in the output.
type item struct {
	im     *image
	source string // real path
	size   int64  // in the image
	format compress.Format
	dest   string
}

// file is the item as reports have it, before it is copied.
func (it *item) file() File {
	return File{Path: it.dest, Origin: it.im.origin, Source: "/" + it.source, Size: it.size}
}

// copy writes it, and gives the file to look, where that is set, before it is
// closed.
func (o *output) copy(it item, look func(f *os.File, size int64) error) (File, error) {
	done := it.file()
	src, err := it.im.fsys.Open(it.source)
	if err != nil {
		return done, it.im.wrap(err)
	}
	defer src.Close()
	f, err := o.create(it.dest)
	if err != nil {
		return done, err
	}
	sum := sha256.New()
	done.Size, err = o.pour(f, sum, src, it)
	done.SHA256 = hex.EncodeToString(sum.Sum(nil))
	if err == nil && look != nil {
		err = look(f, done.Size)
	}
	if err = firstError(err, f.Close()); err != nil {
		return done, fmt.Errorf("%s: %w", it.im.name(it.source), err)
	}
	return done, nil
}

// pour decompresses src into f and sum, with bounded memory.
func (o *output) pour(f *os.File, sum hash.Hash, src io.Reader, it item) (int64, error) {
	if it.format != compress.None {
		z, err := compress.NewReader(it.format, src)
		if err != nil {
			return 0, err
		}
		defer z.Close()
		src = z
	}
	buf := o.bufs.Get().(*[256 << 10]byte)
	defer o.bufs.Put(buf)
	// Only Reader and Writer are shown, so that the buffer is what is used.
	w := struct{ io.Writer }{io.MultiWriter(f, sum)}
	n, err := io.CopyBuffer(w, struct{ io.Reader }{io.LimitReader(src, maxFile+1)}, buf[:])
	if err == nil && n > maxFile {
		err = badinput.New("size").Got("more than %d bytes", maxFile).Want("a driver's file")
	}
	return n, err
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
