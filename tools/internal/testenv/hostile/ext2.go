package hostile

import (
	"encoding/binary"
	"strings"
)

const (
	extBlock  = 1024
	extBlocks = 8192 // one group
	extInodes = 7168
	extInode  = 128
	extRoot   = 2
	extFirst  = 11
	extTable  = 5 // block
	extData   = extTable + extInodes*extInode/extBlock
)

// ext2Image is an ext2 of one group.
type ext2Image struct {
	d     []byte
	inode uint32 // that is free next
	block uint32
}

func newExt2() *ext2Image {
	e := &ext2Image{d: make([]byte, extBlocks*extBlock), inode: extFirst, block: extData}
	super, le := e.d[extBlock:], binary.LittleEndian
	for at, v := range map[int]uint32{
		0: extInodes, 4: extBlocks, 20: 1 /* first data block */, 32: extBlocks, 36: extBlocks, 40: extInodes,
		76: 1 /* revision */, 84: extFirst, 96: 2 /* file types */, 44: 1, 48: 1,
	} {
		le.PutUint32(super[at:], v)
	}
	le.PutUint16(super[56:], 0xef53)
	le.PutUint16(super[58:], 1) // clean
	le.PutUint16(super[88:], extInode)
	group := e.d[2*extBlock:]
	for at, v := range []uint32{3, 4, extTable} { // bitmaps and table
		le.PutUint32(group[4*at:], v)
	}
	return e
}

// directory makes one with one entry, which is a directory; none where name is
// "". It gives the directory's inode number.
func (e *ext2Image) directory(ino, parent uint32, name string, child uint32) {
	le := binary.LittleEndian
	inode := e.d[extTable*extBlock+int(ino-1)*extInode:]
	le.PutUint16(inode, 0o40755)
	le.PutUint32(inode[4:], extBlock) // size
	le.PutUint16(inode[26:], 3)       // names
	le.PutUint32(inode[28:], 2)       // sectors
	le.PutUint32(inode[40:], e.block)
	b := e.d[int(e.block)*extBlock:][:extBlock]
	e.block++
	record := func(ino uint32, length int, name string) {
		le.PutUint32(b, ino)
		le.PutUint16(b[4:], uint16(length))
		b[6], b[7] = byte(len(name)), 2
		copy(b[8:], name)
		b = b[length:]
	}
	record(ino, 12, ".")
	if name == "" {
		record(parent, len(b), "..")
		return
	}
	record(parent, 12, "..")
	record(child, len(b), name)
}

// ExtDeep is an ext2 with directories in each other, first those of a path, then
// as many as there is room for, with names as long as can be.
func ExtDeep(path ...string) []byte {
	e := newExt2()
	ino, parent := uint32(extRoot), uint32(extRoot)
	for level := 0; e.inode < extInodes; level++ {
		name := strings.Repeat("d", 255)
		if level < len(path) {
			name = path[level]
		}
		e.directory(ino, parent, name, e.inode)
		parent, ino = ino, e.inode
		e.inode++
	}
	e.directory(ino, parent, "", 0)
	return e.d
}
