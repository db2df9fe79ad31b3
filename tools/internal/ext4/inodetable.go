package ext4

// inodes writes the inode tables as far as they are in use.
func (w *writer) inodes() error {
	block := make([]byte, blockSize)
	used := uint32(w.inodesUsed())
	for ino := uint32(1); ino <= used; ino++ {
		at, off := w.alloc.g.inodeBlock(ino)
		d, err := w.inodeNr(ino)
		if err != nil {
			return err
		}
		if d != nil {
			d.encode(block[off : off+inodeSize])
		}
		if off == blockSize-inodeSize || ino == used {
			if err := w.out.put(at, block); err != nil {
				return err
			}
			clear(block)
		}
	}
	return nil
}

// inodeNr makes an inode by its number; nil is one not in use.
func (w *writer) inodeNr(ino uint32) (*diskInode, error) {
	switch {
	case ino == rootInode:
		return w.inodeOf(&w.nodes[0], w.emit)
	case ino >= oldFirstInode:
		return w.inodeOf(&w.nodes[ino-oldFirstInode+1], w.emit)
	case ino == journalInode && w.journal.size > 0:
		return w.journalInodeOf(w.emit)
	case ino == resizeInode && w.resize.n > 0:
		return w.resizeInodeOf(), nil
	}
	return nil, nil
}
