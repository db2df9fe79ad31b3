package ext4

import (
	"encoding/binary"
	"io/fs"
	"time"
)

// diskInode is an inode about to be written.
type diskInode struct {
	mode         uint16
	uid, gid     uint32
	links        uint32
	size         int64
	blocks       uint64 // in use, of 4 KiB, with those of maps and attributes
	flags        uint32
	acl          uint64
	mtime, ctime time.Time
	iblock       [iblockSize]byte
	xattrs       []xattr // those in the inode
}

// encode writes struct ext4_inode to b, which is zero.
func (d *diskInode) encode(b []byte) {
	le := binary.LittleEndian
	sectors := d.blocks * (blockSize / 512)
	le.PutUint16(b, d.mode)
	le.PutUint16(b[2:], uint16(d.uid))
	le.PutUint32(b[4:], uint32(d.size))
	le.PutUint16(b[0x18:], uint16(d.gid))
	le.PutUint16(b[0x1A:], uint16(d.links))
	le.PutUint32(b[0x1C:], uint32(sectors))
	le.PutUint32(b[0x20:], d.flags)
	copy(b[iblockOffset:], d.iblock[:])
	le.PutUint32(b[0x68:], uint32(d.acl))
	le.PutUint32(b[0x6C:], uint32(d.size>>32))
	le.PutUint16(b[0x74:], uint16(sectors>>32))
	le.PutUint16(b[0x76:], uint16(d.acl>>32))
	le.PutUint16(b[0x78:], uint16(d.uid>>16))
	le.PutUint16(b[0x7A:], uint16(d.gid>>16))
	le.PutUint16(b[0x80:], extraIsize)
	at := func(sec, extra int, t time.Time) {
		s, x := encodeTime(t)
		le.PutUint32(b[sec:], s)
		le.PutUint32(b[extra:], x)
	}
	at(0x08, 0x8C, d.mtime) // access
	at(0x0C, 0x84, d.ctime)
	at(0x10, 0x88, d.mtime)
	at(0x90, 0x94, d.ctime) // creation
	if len(d.xattrs) > 0 {
		le.PutUint32(b[xattrInodeOff:], xattrMagic)
		putXAttrs(b[xattrInodeOff+xattrBodyHeader:inodeSize], 0, d.xattrs)
	}
}

// inodeOf makes the inode of an entry and writes the blocks of its map.
func (p *placed) inodeOf(k int, emit emitFunc) (*diskInode, error) {
	n, e := &p.nodes[k], p.tree.Entry(k)
	mode, _ := unixMode(e.Mode)
	d := &diskInode{mode: mode, uid: e.UID, gid: e.GID, links: n.links, size: p.size(k), mtime: e.ModTime, ctime: p.opt.Time}
	if e.ModTime.IsZero() {
		d.mtime = p.opt.Time
	}
	attrs, _, err := diskXAttrs(e.XAttrs)
	if err != nil {
		return nil, err
	}
	if n.xattrs > 0 {
		d.acl, d.blocks = uint64(n.xattrs), 1
	} else {
		d.xattrs = attrs
	}
	switch {
	case e.Mode&fs.ModeDevice != 0:
		old, now, _ := encodeDevice(e.Major, e.Minor)
		binary.LittleEndian.PutUint32(d.iblock[:], old)
		binary.LittleEndian.PutUint32(d.iblock[4:], now)
	case e.Mode&fs.ModeSymlink != 0 && d.size < iblockSize:
		copy(d.iblock[:], e.Target)
	case e.Mode.IsRegular(), e.Mode.IsDir(), e.Mode&fs.ModeSymlink != 0:
		if n.flags&nodeHashed != 0 {
			d.flags |= flagIndex
		}
		m := mapping{ino: n.ino, segments: p.segments(k), data: p.runs(p.data(k)), maps: uint64(n.maps)}
		return d, p.mapContent(d, &m, emit)
	}
	return d, nil
}

// mapping is what the map of an inode's content is made of.
type mapping struct {
	ino      uint32
	segments []segment
	data     []run
	maps     uint64 // first of the map's own blocks
}

// mapContent fills i_block and counts the blocks.
func (p *placed) mapContent(d *diskInode, m *mapping, emit emitFunc) error {
	x := extent{}
	for _, r := range m.data {
		x.n += r.n
	}
	if p.opt.Kind == Ext2 {
		maps := extent{m.maps, indirectCount(x.n)}
		d.blocks += x.n + maps.n
		return writeIndirect(d.iblock[:], x.n, m.data, p.runs(maps), emit)
	}
	d.flags |= flagExtents
	list := extents(m.segments, m.data)
	maps := extent{m.maps, extentTreeBlocks(len(list))}
	d.blocks += x.n + maps.n
	return writeExtents(d.iblock[:], list, p.runs(maps), func(block uint64, b []byte) error {
		p.sums.extents(b, m.ino)
		return emit(block, b)
	})
}
