package mkext4

import "shimboot/tools/internal/ext4/ondisk"

// dirWriter makes the blocks of a directory.
type dirWriter struct {
	*InodeSet
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

// dots writes "." and ".."; the second reaches up to byte end.
func (w *dirWriter) dots(b []byte, end int) {
	dot := ondisk.DirEntry{Inode: w.ino, RecLen: ondisk.DotLen, Type: ondisk.TypeDir, Name: "."}
	dot.Put(b)
	parent := w.nodes[w.tree.Parent(w.k)].ino
	dotdot := ondisk.DirEntry{Inode: parent, RecLen: end - ondisk.DotLen, Type: ondisk.TypeDir, Name: ".."}
	dotdot.Put(b[ondisk.DotLen:])
}

// leaf writes leaf k; those after the last are empty.
func (w *dirWriter) leaf(b []byte, k int) {
	off, last := 0, 0 // last: the entry that will reach to the end
	if k == 0 && !w.l.hashed {
		w.dots(b, ondisk.DotsLen)
		off, last = ondisk.DotsLen, ondisk.DotLen
	}
	if k < len(w.l.leaves) {
		for _, c := range w.l.names[w.l.leaves[k].from:w.l.leaves[k].to] {
			owner := w.tree.Owner(int(c.entry))
			mode, _ := unixMode(w.tree.Mode(owner))
			e := ondisk.DirEntry{Inode: w.nodes[owner].ino, RecLen: ondisk.DirEntryLen(c.name), Type: ondisk.TypeOfMode(mode), Name: c.name}
			e.Put(b[off:])
			last, off = off, off+e.RecLen
		}
	}
	ondisk.PutDirEntryLen(b[last:], blockSize-w.sums.dirTail()-last)
	w.sums.dirBlock(b, w.ino)
}

// index writes block k of the index: its root, or a block that looks like one
// entry that is not in use.
func (w *dirWriter) index(b []byte, k int) {
	leaves, nodes := len(w.l.leaves), w.l.nodes
	if k > 0 {
		empty := ondisk.DirEntry{RecLen: blockSize}
		empty.Put(b)
		from := (k - 1) * dxNodeFill
		w.dxEntries(b, ondisk.DxNodeEntries, dxNodeLimit, min(dxNodeFill, leaves-from), func(i int) (uint32, int) {
			return w.leafHash(from + i), 1 + nodes + from + i
		})
		return
	}
	w.dots(b, blockSize)
	if nodes == 0 {
		ondisk.PutDxRootInfo(b, ondisk.HashHalfMD4, 0)
		w.dxEntries(b, ondisk.DxRootEntries, dxRootLimit, leaves, func(i int) (uint32, int) { return w.leafHash(i), 1 + i })
		return
	}
	ondisk.PutDxRootInfo(b, ondisk.HashHalfMD4, 1)
	w.dxEntries(b, ondisk.DxRootEntries, dxRootLimit, nodes, func(i int) (uint32, int) { return w.leafHash(i * dxNodeFill), 1 + i })
}

// dxEntries writes index entries, each a hash and a block, from byte at on.
func (w *dirWriter) dxEntries(b []byte, at, limit, count int, entry func(i int) (hash uint32, block int)) {
	for i := range count {
		hash, block := entry(i)
		ondisk.PutDxEntry(b[at+ondisk.DxEntrySize*i:], hash, uint32(block))
	}
	c := ondisk.DxCount{Limit: limit, Count: count}
	c.Put(b[at:])
	w.sums.dxNode(b, w.ino, at, c)
}

// leafHash is the least hash in leaf k, which tells as well whether the leaf
// before it has names of the same hash.
func (w *dirWriter) leafHash(k int) uint32 {
	from := w.l.leaves[k].from
	hash := w.l.names[from].hash
	if from > 0 && w.l.names[from-1].hash == hash {
		hash |= ondisk.HashContinued
	}
	return hash
}
