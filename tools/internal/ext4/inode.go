package ext4

import (
	"fmt"
	"io/fs"
	"time"

	"shimboot/tools/internal/ext4/ondisk"
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
	Flags        uint32 // ondisk.Flag…
	Major, Minor uint32 // device nodes
	ATime        time.Time
	MTime        time.Time
	CTime        time.Time
	CrTime       time.Time // zero where inodes have no room for it

	fs      *FS
	pos     int64  // byte offset of the inode
	raw     []byte // the inode as it is on disk
	iblock  []byte // the part of raw that maps the content
	extra   int    // bytes of fields behind the first 128
	fileACL uint64 // block of extended attributes, or 0
	fmode   fs.FileMode
	sums    ondisk.InodeSums
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
	d := ondisk.ParseInode(raw)
	i := &Inode{
		Ino: ino, Links: d.Links, UID: d.UID, GID: d.GID, Mode: d.Mode, Flags: d.Flags,
		ATime: d.ATime, MTime: d.MTime, CTime: d.CTime, CrTime: d.CrTime,
		fs: f, pos: pos, raw: raw, iblock: raw[ondisk.InodeBlockOffset:][:ondisk.InodeBlockSize],
		extra: d.ExtraSize, fileACL: d.FileACL, sums: f.sums.Of(ino, d.Generation),
	}
	if !f.sb.HasIncompat(ondisk.Incompat64Bit) {
		i.fileACL = uint64(uint32(d.FileACL))
	}
	if err := i.checkInode(d.Checksum); err != nil {
		return nil, err
	}
	var ok bool
	if i.fmode, ok = unixmode.ToFS(uint32(i.Mode)); !ok {
		return nil, badf(pos, fmt.Sprintf("mode of inode %d", ino), fmt.Sprintf("0%o", i.Mode), "a file type")
	}
	if i.fmode&fs.ModeDevice != 0 {
		i.Major, i.Minor = d.Device()
	}
	return i, i.setSize(d.Size)
}

// setSize takes the size, of which the upper half may mean something else, and
// refuses one that the inode's map cannot reach.
func (i *Inode) setSize(size uint64) error {
	isDir := i.fmode.IsDir()
	if !i.fmode.IsRegular() && !(isDir && i.fs.sb.HasIncompat(ondisk.IncompatLargeDir)) {
		size = uint64(uint32(size))
	}
	limit := uint64(1<<32) * uint64(i.fs.bs)
	what, at := fmt.Sprintf("size of inode %d", i.Ino), i.pos+ondisk.InodeSizeOffset
	switch {
	case isDir && size > maxDirBytes:
		return badf(at, what, size, "a directory of at most %d bytes", maxDirBytes)
	case i.fmode&fs.ModeSymlink != 0 && size > uint64(i.fs.bs):
		return badf(at, what, size, "a symbolic link of at most %d bytes", i.fs.bs)
	case size > limit:
		return badf(at, what, size, "at most %d", limit)
	}
	i.Size = int64(size)
	return nil
}
