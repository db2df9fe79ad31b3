package mkext4

import (
	"fmt"
	"io"
	"io/fs"

	"shimboot/tools/internal/ext4/ondisk"
)

// Write writes the file system: metadata first, then contents, several at a
// time. Every block that is in use is written, once, also where it is all
// zeros, so what w held before does not matter: an image needs no more than
// its allocated blocks on a device. After an error what is written is of no
// use.
func (p *Plan) Write(w io.WriterAt) error {
	wr := &writer{layout: p.layout, target: w, out: newBlockWriter(w), side: newBlockWriter(w)}
	steps := []func() error{wr.groups, wr.inodes, wr.reserved, wr.small, wr.out.flush, wr.files}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

type writer struct {
	*layout
	target io.WriterAt
	out    *blockWriter
	side   *blockWriter // for blocks out of order, flushed after each
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
		if ondisk.SparseGroup(n) {
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
func (w *writer) super(s *ondisk.Superblock, n uint64, desc []byte) error {
	c := *s
	c.GroupNr = uint16(n)
	b, err := c.Encode()
	if err != nil {
		return fmt.Errorf("ext4: superblock: %w", err)
	}
	w.sums.superblock(b)
	block := make([]byte, blockSize)
	if n == 0 {
		copy(block[ondisk.SuperblockOffset:], b)
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
	if w.resize > 0 {
		if err := w.writeResize(w.emit); err != nil {
			return err
		}
	}
	if w.journal.n == 0 {
		return nil
	}
	return w.writeJournal()
}

// small writes directories, attribute blocks and long symbolic links.
func (w *writer) small() error {
	for k := range w.nodes {
		n := &w.nodes[k]
		if n.xattrs > 0 {
			attrs, _, err := diskXAttrs(w.tree.XAttrs(k))
			if err != nil {
				return err
			}
			b := xattrBlock(attrs)
			w.sums.xattrBlock(b, uint64(n.xattrs))
			if err := w.out.put(uint64(n.xattrs), b); err != nil {
				return err
			}
		}
		if n.data == 0 {
			continue
		}
		var err error
		switch mode := w.tree.Mode(k); {
		case mode.IsDir():
			err = w.dir(k)
		case mode&fs.ModeSymlink != 0:
			b := make([]byte, blockSize)
			copy(b, w.tree.Entry(k).Target)
			err = w.out.put(uint64(n.data), b)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) dir(k int) error {
	l, err := w.dirLayout(k)
	if err != nil {
		return err
	}
	dw := &dirWriter{w.InodeSet, k, w.nodes[k].ino, l}
	runs, i := w.runs(w.data(k)), uint64(0)
	return dw.each(func(b []byte) error {
		i++
		return w.out.put(nthBlock(runs, i-1), b)
	})
}
