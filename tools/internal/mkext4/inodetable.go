package mkext4

import "shimboot/tools/internal/ext4/ondisk"

// inodes writes the inode tables as far as they are in use, and to the end
// where there is no group descriptor that says how far.
func (w *writer) inodes() error {
	t := &tableWriter{writer: w, block: make([]byte, blockSize)}
	for ino := uint32(1); ino < ondisk.OldFirstInode; ino++ {
		d, err := w.reservedInode(ino)
		if err != nil {
			return err
		}
		if err := t.put(d, ino); err != nil {
			return err
		}
	}
	for k := range w.entries {
		d, err := w.inodeOf(k, w.emit)
		if err != nil {
			return err
		}
		if err := t.put(d, w.nodes[k].ino); err != nil {
			return err
		}
	}
	if !w.sums.Enabled {
		for ino := t.last + 1; uint64(ino) <= w.alloc.g.groups*uint64(w.alloc.g.inodes); ino++ {
			if err := t.put(nil, ino); err != nil {
				return err
			}
		}
	}
	return t.flush()
}

// reservedInode makes an inode with a number below the first free one; nil is
// one not in use.
func (w *writer) reservedInode(ino uint32) (*inode, error) {
	switch {
	case ino == ondisk.RootInode:
		return w.inodeOf(0, w.emit)
	case ino == ondisk.JournalInode && w.journal.n > 0:
		return w.journalInodeOf(w.emit)
	case ino == ondisk.ResizeInode && w.resize > 0:
		return w.resizeInodeOf(), nil
	}
	return nil, nil
}

// tableWriter gathers the inodes of a block.
type tableWriter struct {
	*writer
	block []byte
	last  uint32 // inode put
}

func (t *tableWriter) put(d *inode, ino uint32) error {
	_, off := t.alloc.g.inodeBlock(ino)
	if off == 0 && t.last > 0 {
		if err := t.flush(); err != nil {
			return err
		}
		clear(t.block)
	}
	if d != nil {
		d.put(t.block[off : off+inodeSize])
		t.sums.inode(t.block[off:off+inodeSize], ino)
	}
	t.last = ino
	return nil
}

func (t *tableWriter) flush() error {
	at, _ := t.alloc.g.inodeBlock(t.last)
	return t.out.put(at, t.block)
}
