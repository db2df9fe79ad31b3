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

// inodeOf makes the inode of a node and writes the blocks of its map.
func (p *placed) inodeOf(n *node, emit emitFunc) (*diskInode, error) {
	e := n.e
	mode, _ := unixMode(e.Mode)
	d := &diskInode{mode: mode, uid: e.UID, gid: e.GID, links: n.links, size: n.size, mtime: e.ModTime, ctime: p.opt.Time}
	if e.ModTime.IsZero() {
		d.mtime = p.opt.Time
	}
	attrs, _, err := diskXAttrs(e.XAttrs)
	if err != nil {
		return nil, err
	}
	if n.xattrs.n > 0 {
		d.acl, d.blocks = p.alloc.of(n.xattrs)[0].start, 1
	} else {
		d.xattrs = attrs
	}
	switch {
	case e.Mode&fs.ModeDevice != 0:
		d.size = 0
		old, now, _ := encodeDevice(e.Major, e.Minor)
		binary.LittleEndian.PutUint32(d.iblock[:], old)
		binary.LittleEndian.PutUint32(d.iblock[4:], now)
	case e.Mode&fs.ModeSymlink != 0 && n.size < iblockSize:
		copy(d.iblock[:], e.Target)
	case e.Mode.IsRegular(), e.Mode.IsDir(), e.Mode&fs.ModeSymlink != 0:
		return d, p.mapContent(d, n, emit)
	default: // fifo, socket
		d.size = 0
	}
	return d, nil
}

// mapContent fills i_block with the map of a node's content.
func (p *placed) mapContent(d *diskInode, n *node, emit emitFunc) error {
	blocks := uint64(ceilDiv(n.size, blockSize))
	data, maps := p.alloc.of(n.data), p.alloc.of(n.maps)
	for _, r := range maps {
		d.blocks += r.n
	}
	d.blocks += blocks
	if n.e != nil && n.e.Mode.IsDir() && p.dirLayout(n).hashed {
		d.flags |= flagIndex
	}
	if p.opt.Kind == Ext2 {
		return writeIndirect(d.iblock[:], blocks, data, maps, emit)
	}
	d.flags |= flagExtents
	return writeExtents(d.iblock[:], data, maps, emit)
}
