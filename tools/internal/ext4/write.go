package ext4

import (
	"fmt"
	"io"
	"io/fs"
)

// Write writes the file system: metadata first, then the files in the order of
// the tree, in one pass over w from front to back but for a few blocks. W must
// read as zeros where nothing is written, as a fresh sparse file does. After
// an error what is written is of no use.
func (p *Plan) Write(w io.WriterAt) error {
	wr := &writer{placed: p.p, out: newSparseWriter(w), side: newSparseWriter(w)}
	steps := []func() error{wr.groups, wr.inodes, wr.reserved, wr.small, wr.files, wr.out.flush}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

type writer struct {
	*placed
	out  *sparseWriter
	side *sparseWriter // for blocks out of order, flushed after each
	buf  []byte        // for the content of files
}

// emit writes a block out of order.
func (w *writer) emit(block uint64, data []byte) error {
	if err := w.side.put(block, data); err != nil {
		return err
	}
	return w.side.flush()
}

// groups writes superblocks, descriptors and bitmaps.
func (w *writer) groups() error {
	s, err := w.superblock()
	if err != nil {
		return err
	}
	desc := w.descriptors()
	for n := range w.alloc.g.groups {
		at := w.alloc.g.places(n)
		if sparseGroup(n) {
			if err := w.super(s, n, desc); err != nil {
				return err
			}
		}
		if err := w.out.put(at.blockBitmap, w.blockBitmap(n)); err != nil {
			return err
		}
		if err := w.out.put(at.inodeBitmap, w.inodeBitmap(n)); err != nil {
			return err
		}
	}
	return nil
}

// super writes group n's superblock and descriptors. Only the first has 1024
// bytes for a boot sector before it.
func (w *writer) super(s *superblock, n uint64, desc []byte) error {
	c := *s
	c.GroupNr = uint16(n)
	b, err := c.encode()
	if err != nil {
		return fmt.Errorf("ext4: superblock: %w", err)
	}
	block := make([]byte, blockSize)
	if n == 0 {
		copy(block[superOffset:], b)
	} else {
		copy(block, b)
	}
	start := w.alloc.g.groupStart(n)
	if err := w.out.put(start, block); err != nil {
		return err
	}
	return w.out.put(start+1, desc)
}

// reserved writes the contents of the journal and of the resize inode.
func (w *writer) reserved() error {
	if w.resize.n > 0 {
		if err := w.writeResize(w.emit); err != nil {
			return err
		}
	}
	if w.journal.size == 0 {
		return nil
	}
	b := journalBlock0(uint64(w.journal.size/blockSize), w.opt.UUID)
	return w.emit(w.alloc.of(w.journal.data)[0].start, b)
}

// small writes directories, attribute blocks and long symbolic links.
func (w *writer) small() error {
	for k := range w.nodes {
		n := &w.nodes[k]
		if n.xattrs.n > 0 {
			attrs, _, err := diskXAttrs(n.e.XAttrs)
			if err != nil {
				return err
			}
			if err := w.out.put(w.alloc.of(n.xattrs)[0].start, xattrBlock(attrs)); err != nil {
				return err
			}
		}
		if n.data.n == 0 {
			continue
		}
		var err error
		switch {
		case n.e.Mode.IsDir():
			err = w.dir(n)
		case n.e.Mode&fs.ModeSymlink != 0:
			b := make([]byte, blockSize)
			copy(b, n.e.Target)
			err = w.out.put(w.alloc.of(n.data)[0].start, b)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) dir(n *node) error {
	dw := &dirWriter{w.forest, n, w.dirLayout(n)}
	runs, k := w.alloc.of(n.data), uint64(0)
	return dw.each(func(b []byte) error {
		k++
		return w.out.put(nthBlock(runs, k-1), b)
	})
}
