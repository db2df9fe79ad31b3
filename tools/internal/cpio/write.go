package cpio

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"math"

	"shimboot/tools/internal/tree"
	"shimboot/tools/internal/unixmode"
)

// Write writes t as one newc archive: inode numbers counted from 1 in the
// tree's order, no device number of a source file system. A file with several
// names has its content at the first and its owner and mode at all of them; a
// symlink has its target at all, as Linux makes each by itself. Same tree, same
// bytes.
func Write(w io.Writer, t tree.Tree) error {
	cw := &writer{w: bufio.NewWriterSize(w, 1<<20)}
	names := map[string]uint32{} // further names a file has
	for _, e := range t {
		if e.IsHardlink() {
			names[e.Link]++
		}
	}
	linked := map[string]*tree.Entry{}
	for _, e := range t {
		if names[e.Path] > 0 {
			linked[e.Path] = e
		}
	}
	inode := map[string]uint32{}
	for i, e := range t {
		file := e
		if e.IsHardlink() {
			if file = linked[e.Link]; file == nil {
				return fmt.Errorf("%s: hard link to %s, which is not in the tree", e.Path, e.Link)
			}
		}
		first := inode[file.Path] == 0
		if first {
			inode[file.Path] = uint32(i) + 1
		}
		h := header{ino: inode[file.Path], nlink: 1 + names[file.Path]}
		if file.Mode.IsDir() {
			h.nlink = 2
		}
		if err := cw.entry(&h, e.Path, file, first); err != nil {
			return fmt.Errorf("%s: %w", e.Path, err)
		}
	}
	if err := cw.record(&header{nlink: 1}, trailer); err != nil {
		return err
	}
	return cw.w.Flush()
}

type writer struct {
	w   *bufio.Writer
	pos int64
}

func (w *writer) Write(b []byte) (int, error) {
	n, err := w.w.Write(b)
	w.pos += int64(n)
	return n, err
}

// entry writes one name of a file.
func (w *writer) entry(h *header, name string, e *tree.Entry, first bool) error {
	size := contentSize(e)
	if !first && e.Mode.IsRegular() {
		size = 0
	}
	if size > math.MaxUint32 {
		return fmt.Errorf("%d bytes do not fit a cpio entry of at most %d", size, uint32(math.MaxUint32))
	}
	mode, ok := unixmode.FromFS(e.Mode)
	if !ok {
		return fmt.Errorf("mode %v is of no Unix file type", e.Mode)
	}
	h.mode, h.uid, h.gid = mode, e.UID, e.GID
	h.size, h.major, h.minor = uint32(size), e.Major, e.Minor
	if s := e.ModTime.Unix(); s > 0 && s <= math.MaxUint32 {
		h.mtime = uint32(s)
	}
	if err := w.record(h, name); err != nil {
		return err
	}
	switch {
	case size == 0:
		return nil
	case e.Mode.Type() == fs.ModeSymlink:
		if _, err := io.WriteString(w, e.Target); err != nil {
			return err
		}
		return w.pad()
	}
	return w.content(e)
}

func (w *writer) content(e *tree.Entry) error {
	r, err := e.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	n, err := io.Copy(w, io.LimitReader(r, e.Size))
	if err != nil {
		return err
	}
	if n != e.Size {
		return fmt.Errorf("content ended after %d of %d bytes", n, e.Size)
	}
	return w.pad()
}

func (w *writer) record(h *header, name string) error {
	h.nameSize = uint32(len(name)) + 1
	if _, err := io.WriteString(w, magicNewc); err != nil {
		return err
	}
	for _, f := range h.fields() {
		if _, err := fmt.Fprintf(w, "%08X", *f); err != nil {
			return err
		}
	}
	if _, err := io.WriteString(w, name+"\x00"); err != nil {
		return err
	}
	return w.pad()
}

func (w *writer) pad() error {
	_, err := w.Write(make([]byte, align4(w.pos)-w.pos))
	return err
}
