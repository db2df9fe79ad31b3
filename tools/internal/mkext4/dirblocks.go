package ext4

import "encoding/binary"

// dirWriter makes the blocks of a directory.
type dirWriter struct {
	*Content
	k   int // the directory
	ino uint32
	l   *dirLayout
}

// each calls emit with every block in order; the block is used again.
func (w *dirWriter) each(emit func([]byte) error) error {
	buf := make([]byte, blockSize)
	total := int(w.nodes[w.k].dirBlocks)
	first := 0
	if w.l.hashed {
		for first = range 1 + w.l.nodes {
			clear(buf)
			w.index(buf, first)
			if err := emit(buf); err != nil {
				return err
			}
		}
		first++
	}
	for k := first; k < total; k++ {
		clear(buf)
		w.leaf(buf, k-first)
		if err := emit(buf); err != nil {
			return err
		}
	}
	return nil
}

// record writes struct ext4_dir_entry_2.
func record(b []byte, ino uint32, size int, name string, ft uint8) {
	binary.LittleEndian.PutUint32(b, ino)
	binary.LittleEndian.PutUint16(b[4:], uint16(size))
	b[6], b[7] = uint8(len(name)), ft
	copy(b[8:], name)
}

// dots writes "." and ".."; the second reaches up to byte end.
func (w *dirWriter) dots(b []byte, end int) {
	record(b, w.ino, 12, ".", ftDir)
	record(b[12:], w.nodes[w.tree.Parent(w.k)].ino, end-12, "..", ftDir)
}

// leaf writes leaf k; those after the last are empty.
func (w *dirWriter) leaf(b []byte, k int) {
	off, last := 0, 0 // last: the record that will reach to the end
	if k == 0 && !w.l.hashed {
		w.dots(b, dotsSize)
		off, last = dotsSize, 12
	}
	if k < len(w.l.leaves) {
		for _, c := range w.l.names[w.l.leaves[k].from:w.l.leaves[k].to] {
			owner := w.tree.Owner(int(c.entry))
			mode, _ := unixMode(w.tree.Mode(owner))
			record(b[off:], w.nodes[owner].ino, recordSize(c.name), c.name, ftOfMode(mode))
			last, off = off, off+recordSize(c.name)
		}
	}
	binary.LittleEndian.PutUint16(b[last+4:], uint16(blockSize-w.sums.dirTail()-last))
	w.sums.names(b, w.ino)
}

// index writes index block k: the root with its 8 bytes of information, or a
// block that looks like one empty record.
func (w *dirWriter) index(b []byte, k int) {
	leaves, nodes := len(w.l.leaves), w.l.nodes
	if k > 0 {
		record(b, 0, blockSize, "", 0)
		from := (k - 1) * dxNodeFill
		w.dxEntries(b, 8, dxNodeLimit, min(dxNodeFill, leaves-from), func(i int) (uint32, int) {
			return w.leafHash(from + i), 1 + nodes + from + i
		})
		return
	}
	w.dots(b, blockSize)
	b[24+4], b[24+5] = hashHalfMD4, 8
	if nodes == 0 {
		w.dxEntries(b, 32, dxRootLimit, leaves, func(i int) (uint32, int) { return w.leafHash(i), 1 + i })
		return
	}
	b[24+6] = 1 // levels below the root
	w.dxEntries(b, 32, dxRootLimit, nodes, func(i int) (uint32, int) { return w.leafHash(i * dxNodeFill), 1 + i })
}

// dxEntries writes struct dx_entry from byte at on: hash and block, of which
// the first has the limit and the count in place of a hash.
func (w *dirWriter) dxEntries(b []byte, at, limit, count int, entry func(i int) (hash uint32, block int)) {
	le := binary.LittleEndian
	for i := range count {
		hash, block := entry(i)
		le.PutUint32(b[at+8*i:], hash)
		le.PutUint32(b[at+8*i+4:], uint32(block))
	}
	le.PutUint16(b[at:], uint16(limit))
	le.PutUint16(b[at+2:], uint16(count))
	w.sums.index(b, w.ino, at)
}

// leafHash is the least hash in leaf k. Its lowest bit tells that the leaf
// before it has names of the same hash, too.
func (w *dirWriter) leafHash(k int) uint32 {
	from := w.l.leaves[k].from
	hash := w.l.names[from].hash
	if from > 0 && w.l.names[from-1].hash == hash {
		hash |= 1
	}
	return hash
}
