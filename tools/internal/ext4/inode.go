package ext4

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"time"

	"shimboot/tools/internal/unixmode"
)

// Inode is what a file system keeps about a file besides its name and
// content. fs.FileInfo.Sys of this package's files gives a *Inode.
type Inode struct {
	Ino          uint32
	Links        uint16
	UID, GID     uint32
	Mode         uint16 // as on disk: S_IFMT and permission bits
	Size         int64  // bytes
	Flags        uint32 // EXT4_*_FL
	Major, Minor uint32 // device nodes
	ATime        time.Time
	MTime        time.Time
	CTime        time.Time
	CrTime       time.Time // zero where inodes have no room for it

	fs     *FS
	pos    int64  // byte offset of the inode
	raw    []byte // the inode as it is on disk
	iblock []byte // the part of raw that maps the content
	acl    uint64 // block of extended attributes, or 0
	fmode  fs.FileMode
}

// inode reads inode ino; at is where its number was found.
func (f *FS) inode(ino uint32, at int64) (*Inode, error) {
	if ino == 0 || ino > f.sb.InodesCount {
		return nil, badf(at, "inode number", ino, "1 to %d", f.sb.InodesCount)
	}
	group, index := (ino-1)/f.sb.InodesPerGroup, (ino-1)%f.sb.InodesPerGroup
	table, tableAt, err := f.inodeTable(uint64(group))
	if err != nil {
		return nil, err
	}
	size := int64(f.sb.InodeSize)
	off := int64(index) * size
	// A table near the end of 2^64 blocks must not wrap round to a valid one.
	if err := f.checkRun(table, uint64(off/f.bs)+1, "inode table", tableAt); err != nil {
		return nil, err
	}
	n := table + uint64(off/f.bs)
	b, err := f.block(n, "inode table", tableAt)
	if err != nil {
		return nil, err
	}
	raw := b[off%f.bs : off%f.bs+size]
	return f.parseInode(ino, raw, int64(n)*f.bs+off%f.bs)
}

func (f *FS) parseInode(ino uint32, raw []byte, pos int64) (*Inode, error) {
	le := binary.LittleEndian
	i := &Inode{Ino: ino, fs: f, pos: pos, raw: raw, iblock: raw[iblockOffset : iblockOffset+iblockSize]}
	i.Mode = le.Uint16(raw)
	i.UID = uint32(le.Uint16(raw[2:])) | uint32(le.Uint16(raw[0x78:]))<<16
	i.GID = uint32(le.Uint16(raw[0x18:])) | uint32(le.Uint16(raw[0x7A:]))<<16
	i.Links = le.Uint16(raw[0x1A:])
	i.Flags = le.Uint32(raw[0x20:])
	i.acl = uint64(le.Uint32(raw[0x68:]))
	if f.sb.has(incompat64Bit) {
		i.acl |= uint64(le.Uint16(raw[0x76:])) << 32
	}
	if err := i.checkSum(); err != nil {
		return nil, err
	}
	var ok bool
	if i.fmode, ok = unixmode.ToFS(uint32(i.Mode)); !ok {
		return nil, badf(pos, fmt.Sprintf("mode of inode %d", ino), fmt.Sprintf("0%o", i.Mode), "a file type")
	}
	i.times()
	if i.fmode&fs.ModeDevice != 0 {
		i.Major, i.Minor = decodeDevice(le.Uint32(i.iblock), le.Uint32(i.iblock[4:]))
	}
	return i, i.setSize()
}

// extra gives the length of the part behind the old 128 bytes that is in use;
// the extended attributes in the inode start after it.
func (i *Inode) extra() int {
	if len(i.raw) < oldInodeSize+2 {
		return 0
	}
	n := int(binary.LittleEndian.Uint16(i.raw[oldInodeSize:]))
	if n > len(i.raw)-oldInodeSize || n%4 != 0 {
		return 0 // Linux refuses such an inode; here only what lies there is given up
	}
	return n
}

func (i *Inode) times() {
	end := oldInodeSize + i.extra()
	word := func(off int) uint32 {
		if off+4 > end {
			return 0
		}
		return binary.LittleEndian.Uint32(i.raw[off:])
	}
	i.ATime = decodeTime(word(0x08), word(0x8C))
	i.CTime = decodeTime(word(0x0C), word(0x84))
	i.MTime = decodeTime(word(0x10), word(0x88))
	if end >= 0x98 {
		i.CrTime = decodeTime(word(0x90), word(0x94))
	}
}

// setSize reads the size and refuses one that the inode's map cannot reach.
func (i *Inode) setSize() error {
	le := binary.LittleEndian
	size := uint64(le.Uint32(i.raw[4:]))
	isDir := i.fmode.IsDir()
	if i.fmode.IsRegular() || isDir && i.fs.sb.has(incompatLargeDir) {
		size |= uint64(le.Uint32(i.raw[0x6C:])) << 32
	}
	limit := uint64(1<<32) * uint64(i.fs.bs)
	what := fmt.Sprintf("size of inode %d", i.Ino)
	switch {
	case isDir && size > maxDirBytes:
		return badf(i.pos+4, what, size, "a directory of at most %d bytes", maxDirBytes)
	case i.fmode&fs.ModeSymlink != 0 && size > uint64(i.fs.bs):
		return badf(i.pos+4, what, size, "a symbolic link of at most %d bytes", i.fs.bs)
	case size > limit:
		return badf(i.pos+4, what, size, "at most %d", limit)
	}
	i.Size = int64(size)
	return nil
}
