// Package tartree reads a tar archive as a tree, with owners, modes, times,
// devices, links and extended attributes as they stand in it.
//
//	err := tartree.Add(packed, file, size)
//
// The archive must not be compressed and must stay open: contents are read
// from where they stand.
package tartree

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/tree"
)

// counter knows where in the archive the tar reader stands, and where the
// headers began that it read last.
type counter struct {
	r          *io.SectionReader
	pos, start int64
	skipping   bool
}

func (c *counter) Read(p []byte) (int, error) {
	if c.skipping && c.pos%blockSize == 0 {
		c.start, c.skipping = c.pos, false
	}
	n, err := c.r.Read(p)
	c.pos += int64(n)
	return n, err
}

// Seek lets the tar reader skip contents.
func (c *counter) Seek(off int64, whence int) (int64, error) {
	pos, err := c.r.Seek(off, whence)
	c.pos, c.skipping = pos, true
	return pos, err
}

// Add lays the entries of the size bytes of archive in r over a tree. Of an
// entry that is there twice the later one counts, as when it is extracted.
func Add(t *tree.Packed, r io.ReaderAt, size int64) error {
	head := make([]byte, compress.HeadSize)
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if f := compress.DetectFile(head); f != compress.None {
		return badinput.New("tar archive").At(0).Got("%s compression", f).Want("a plain archive").
			Fix("decompress it first")
	}
	c := &counter{r: io.NewSectionReader(r, 0, size)}
	archive, contents := tar.NewReader(c), tree.Section(r)
	for {
		c.skipping = true
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if errors.Is(err, tar.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF) {
			return badinput.New("tar archive").At(c.pos).Got("none, or one that is cut off").Want("a whole archive")
		}
		if err != nil {
			return badinput.New("tar archive").At(c.pos).Got("%v", err).Want("a whole archive")
		}
		e, err := entry(h, c.pos)
		if err == nil && isSparse(h) {
			e.Data, err = dataOf(r, h, c.start, c.pos)
			if err == nil {
				err = checkEnd(e.Data, c.pos, size)
			}
		}
		if err != nil {
			return fmt.Errorf("%s: %w", h.Name, err)
		}
		switch {
		case e.Data != nil:
			err = t.AddFrom(e, newSparse(r, e.Data, c.pos, h.Size), c.pos)
		case h.Typeflag == tar.TypeReg:
			err = t.AddFrom(e, contents, c.pos)
		default:
			err = t.Add(e)
		}
		if err != nil {
			return err
		}
	}
}

// xattrPrefix is how GNU tar and Go write extended attributes in PAX headers.
const xattrPrefix = "SCHILY.xattr."

func entry(h *tar.Header, pos int64) (*tree.Entry, error) {
	e := &tree.Entry{
		Path: clean(h.Name), Mode: h.FileInfo().Mode(),
		UID: uint32(h.Uid), GID: uint32(h.Gid), ModTime: h.ModTime,
		Major: uint32(h.Devmajor), Minor: uint32(h.Devminor),
	}
	for name, value := range h.PAXRecords {
		if attr, ok := strings.CutPrefix(name, xattrPrefix); ok {
			if e.XAttrs == nil {
				e.XAttrs = map[string][]byte{}
			}
			e.XAttrs[attr] = []byte(value)
		}
	}
	switch h.Typeflag {
	case tar.TypeReg, tar.TypeGNUSparse:
		e.Size = h.Size
	case tar.TypeLink:
		e.Link, e.Mode = clean(h.Linkname), e.Mode&^fs.ModeType
	case tar.TypeSymlink:
		e.Target = h.Linkname
	case tar.TypeDir, tar.TypeChar, tar.TypeBlock, tar.TypeFifo:
	default:
		return nil, badinput.New("tar entry").At(pos).Got("type %q", h.Typeflag).
			Want("a file, directory, link, device or fifo")
	}
	return e, nil
}

// clean makes the path of an entry; the tree refuses what leaves the root.
func clean(name string) string {
	return path.Clean(strings.TrimLeft(strings.TrimPrefix(name, "./"), "/"))
}
