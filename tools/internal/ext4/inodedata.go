package ext4

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"

	"shimboot/tools/internal/ext4/ondisk"
)

// inodeData reads the content of an inode, by byte offset. It has no state and
// may be used by several goroutines at once.
type inodeData struct {
	ino    *Inode
	inline []byte // the content itself, where the inode has no map
}

// data looks at how the inode stores its content.
func (i *Inode) data() (*inodeData, error) {
	if i.Flags&ondisk.FlagEncrypt != 0 {
		return nil, badf(i.pos+ondisk.InodeFlagsOffset, fmt.Sprintf("flags of inode %d", i.Ino), "encrypt", "a file that is not encrypted")
	}
	if i.Flags&ondisk.FlagInlineData == 0 {
		return &inodeData{ino: i}, nil
	}
	b, err := i.inlineData()
	if err != nil {
		return nil, err
	}
	if int64(len(b)) < i.Size && !i.fmode.IsRegular() {
		return nil, badf(i.pos+ondisk.InodeSizeOffset, fmt.Sprintf("size of inode %d", i.Ino), i.Size, "at most the %d bytes in the inode", len(b))
	}
	return &inodeData{ino: i, inline: b[:min(i.Size, int64(len(b)))]}, nil
}

// mapBlock finds where logical block lblk is: phys is 0 for a hole, and n >= 1
// says how many blocks from there on go on the same way.
func (i *Inode) mapBlock(lblk uint64) (phys, n uint64, err error) {
	if i.Flags&ondisk.FlagExtents != 0 {
		return i.mapExtent(lblk)
	}
	return i.mapIndirect(lblk)
}

// ReadAt implements io.ReaderAt. Holes read as zeros.
func (d *inodeData) ReadAt(p []byte, off int64) (int, error) {
	size := d.ino.Size
	if off < 0 {
		return 0, fs.ErrInvalid
	}
	if off >= size {
		return 0, io.EOF
	}
	short := int64(len(p)) > size-off
	if short {
		p = p[:size-off]
	}
	done := 0
	for done < len(p) {
		n, err := d.readRun(p[done:], off+int64(done))
		done += n
		if err != nil {
			return done, err
		}
	}
	if short {
		return done, io.EOF
	}
	return done, nil
}

// readRun fills p as far as the bytes lie together on the disk.
func (d *inodeData) readRun(p []byte, off int64) (int, error) {
	if d.ino.Flags&ondisk.FlagInlineData != 0 {
		if off >= int64(len(d.inline)) { // a hole at the end, as Linux reads it
			clear(p)
			return len(p), nil
		}
		return copy(p, d.inline[off:]), nil
	}
	bs := d.ino.fs.bs
	phys, n, err := d.ino.mapBlock(uint64(off / bs))
	if err != nil {
		return 0, err
	}
	in := off % bs
	// Runs may span 2^32 blocks: compare in blocks, which cannot overflow.
	if blocks := (in + int64(len(p)) + bs - 1) / bs; uint64(blocks) > n {
		p = p[:int64(n)*bs-in]
	}
	if phys == 0 {
		clear(p)
		return len(p), nil
	}
	if err := readFull(d.ino.fs.r, p, int64(phys)*bs+in); err != nil {
		return 0, err
	}
	return len(p), nil
}

// nextData gives the first bytes at or after off that are stored, from start
// up to end; what is before start reads as zeros. At the last hole it is io.EOF.
func (d *inodeData) nextData(off int64) (start, end int64, err error) {
	i, bs := d.ino, d.ino.fs.bs
	if off < 0 {
		return 0, 0, fs.ErrInvalid
	}
	if i.Flags&ondisk.FlagInlineData != 0 && off < i.Size {
		return off, i.Size, nil
	}
	for off < i.Size {
		phys, n, err := i.mapBlock(uint64(off / bs))
		if err != nil {
			return 0, 0, err
		}
		end := min(i.Size, (off/bs+int64(n))*bs)
		if phys != 0 {
			return off, end, nil
		}
		off = end
	}
	return 0, 0, io.EOF
}

// readAll gives all of a content known to be small.
func (d *inodeData) readAll() ([]byte, error) {
	b := make([]byte, d.ino.Size)
	if n, err := d.ReadAt(b, 0); n < len(b) {
		return nil, err
	}
	return b, nil
}

// target gives where a symbolic link points. Up to 59 bytes of it lie in the
// inode instead of the map of its blocks.
func (i *Inode) target() (string, error) {
	var b []byte
	if i.Size < ondisk.InodeBlockSize && i.Flags&(ondisk.FlagExtents|ondisk.FlagInlineData|ondisk.FlagEncrypt) == 0 {
		b = i.iblock[:i.Size]
	} else {
		d, err := i.data()
		if err != nil {
			return "", err
		}
		if b, err = d.readAll(); err != nil {
			return "", err
		}
	}
	if k := bytes.IndexByte(b, 0); k >= 0 {
		return "", badf(i.pos, fmt.Sprintf("symbolic link of inode %d", i.Ino), fmt.Sprintf("NUL at byte %d", k), "no NUL in %d bytes", len(b))
	}
	if len(b) == 0 {
		return "", badf(i.pos+ondisk.InodeSizeOffset, fmt.Sprintf("symbolic link of inode %d", i.Ino), "an empty target", "a path")
	}
	return string(b), nil
}
