package mkext4

import (
	"io/fs"
	"time"

	"shimboot/tools/internal/ext4/ondisk"
)

// inode is one about to be written.
type inode struct {
	ondisk.Inode
	blocks uint64  // in use, of 4 KiB, with those of maps and attributes
	xattrs []xattr // those in the inode
}

// newInode makes an inode whose content was changed at one time, and the inode
// itself at another.
func newInode(mode uint16, links uint32, size int64, mtime, ctime time.Time) *inode {
	return &inode{Inode: ondisk.Inode{
		Mode: mode, Links: uint16(links), Size: uint64(size), ExtraSize: ondisk.ExtraIsize,
		ATime: mtime, MTime: mtime, CTime: ctime, CrTime: ctime,
	}}
}

// put writes the inode to b, which is zero, with its attributes.
func (i *inode) put(b []byte) {
	i.Sectors = i.blocks * (blockSize / ondisk.SectorSize)
	i.Put(b)
	if len(i.xattrs) > 0 {
		ondisk.PutXAttrMagic(b[xattrInodeOff:])
		putXAttrs(b[xattrInodeOff+ondisk.XAttrInodeHeaderSize:inodeSize], 0, i.xattrs)
	}
}

// inodeOf makes the inode of an entry and writes the blocks of its map.
func (l *layout) inodeOf(k int, emit emitFunc) (*inode, error) {
	n, e := &l.nodes[k], l.tree.Entry(k)
	mode, _ := unixMode(e.Mode)
	mtime := e.ModTime
	if mtime.IsZero() {
		mtime = l.opt.Time
	}
	i := newInode(mode, n.links, l.size(k), mtime, l.opt.Time)
	i.UID, i.GID = e.UID, e.GID
	attrs, _, err := diskXAttrs(e.XAttrs)
	if err != nil {
		return nil, err
	}
	if n.xattrs > 0 {
		i.FileACL, i.blocks = uint64(n.xattrs), 1
	} else {
		i.xattrs = attrs
	}
	switch {
	case e.Mode&fs.ModeDevice != 0:
		i.SetDevice(e.Major, e.Minor)
	case e.Mode&fs.ModeSymlink != 0 && i.Size < ondisk.InodeBlockSize:
		copy(i.Block[:], e.Target)
	case e.Mode.IsRegular(), e.Mode.IsDir(), e.Mode&fs.ModeSymlink != 0:
		if n.flags&nodeHashed != 0 {
			i.Flags |= ondisk.FlagIndex
		}
		m := mapping{ino: n.ino, segments: l.segments(k), data: l.runs(l.data(k)), maps: uint64(n.maps)}
		return i, l.mapContent(i, &m, emit)
	}
	return i, nil
}

// mapping is what the map of an inode's content is made of.
type mapping struct {
	ino      uint32
	segments []segment
	data     []run
	maps     uint64 // first of the map's own blocks
}

// mapContent fills i_block and counts the blocks.
func (l *layout) mapContent(i *inode, m *mapping, emit emitFunc) error {
	x := span{}
	for _, r := range m.data {
		x.n += r.n
	}
	if l.opt.Kind == Ext2 {
		maps := span{m.maps, indirectCount(x.n)}
		i.blocks += x.n + maps.n
		return writeIndirect(i.Block[:], x.n, m.data, l.runs(maps), emit)
	}
	i.Flags |= ondisk.FlagExtents
	list := extents(m.segments, m.data)
	maps := span{m.maps, extentTreeBlocks(len(list))}
	i.blocks += x.n + maps.n
	return writeExtents(i.Block[:], list, l.runs(maps), func(block uint64, b []byte) error {
		l.sums.extentNode(b, m.ino)
		return emit(block, b)
	})
}
