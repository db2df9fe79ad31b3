package ext4

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"shimboot/tools/internal/ext4/ondisk"
)

// Where the feature metadata_csum is on, everything that is read but content
// has a checksum, and what it does not fit is refused as Linux refuses it. The
// CRC-16 that uninit_bg puts on group descriptors is not looked at.

func wrongSum(at int64, found, want uint32, what string, args ...any) error {
	return badf(at, "checksum of "+fmt.Sprintf(what, args...), fmt.Sprintf("0x%08x", found), "0x%08x", want)
}

// checkSuperblock checks the superblock's own checksum. That of ChromeOS is from
// before the read-only hack, which changes one byte and nothing else.
func checkSuperblock(s *ondisk.Superblock, b []byte) error {
	if !s.HasROCompat(ondisk.ROCompatMetadataCsum) {
		return nil
	}
	if s.ChecksumType != ondisk.ChecksumCRC32C {
		return badf(ondisk.SuperblockOffset+ondisk.SuperChecksumType, "checksum type", s.ChecksumType, "%d, crc32c", ondisk.ChecksumCRC32C)
	}
	before := bytes.Clone(b)
	binary.LittleEndian.PutUint32(before[ondisk.SuperROCompat:], s.ROCompat&^ondisk.ROCompatHack)
	if want := ondisk.SuperblockSum(b); want != s.Checksum && ondisk.SuperblockSum(before) != s.Checksum {
		return wrongSum(ondisk.SuperblockOffset+ondisk.SuperChecksum, s.Checksum, want, "superblock")
	}
	return nil
}

// checkGroupDesc checks the descriptor of group g, which is b.
func (f *FS) checkGroupDesc(d *ondisk.GroupDesc, b []byte, g uint64, at int64) error {
	if !f.sums.Enabled {
		return nil
	}
	if want := f.sums.GroupDesc(b, g); d.Checksum != want {
		return wrongSum(at+ondisk.GroupChecksumOffset, uint32(d.Checksum), uint32(want), "descriptor of group %d", g)
	}
	return nil
}

// checkInode checks the inode's own checksum.
func (i *Inode) checkInode(found uint32) error {
	if !i.fs.sums.Enabled {
		return nil
	}
	if want := i.sums.Inode(i.raw); found != want {
		return wrongSum(i.pos+ondisk.InodeChecksumOffset, found, want, "inode %d", i.Ino)
	}
	return nil
}

// checkExtentBlock checks a node of an extent tree that has its own block.
func (i *Inode) checkExtentBlock(h *ondisk.ExtentHeader, b []byte, pos int64) error {
	if !i.fs.sums.Enabled {
		return nil
	}
	tail := h.Tail()
	if tail+ondisk.ExtentTailSize > len(b) {
		most := (len(b) - ondisk.ExtentHeaderSize - ondisk.ExtentTailSize) / ondisk.ExtentEntrySize
		return badf(pos+ondisk.ExtentMaxOffset, "room of an extent node", h.Max, "at most %d entries", most)
	}
	found := binary.LittleEndian.Uint32(b[tail:])
	return i.compare(found, i.sums.ExtentNode(b[:tail]), pos+int64(tail), "extent node")
}

// compare gives an error for what is of an inode and does not fit its checksum.
func (i *Inode) compare(found, want uint32, at int64, what string) error {
	if found != want {
		return wrongSum(at, found, want, "%s of inode %d", what, i.Ino)
	}
	return nil
}

// checkDirBlock checks block l of a directory: of names, or of its index.
func (i *Inode) checkDirBlock(l uint64, b []byte, pos int64) error {
	if !i.fs.sums.Enabled {
		return nil
	}
	if i.Flags&ondisk.FlagIndex != 0 && ondisk.IsDxNode(b, l) {
		return i.checkDxNode(l, b, pos)
	}
	end := len(b) - ondisk.DirTailSize
	tail := b[end:]
	if !ondisk.IsDirTail(tail) {
		return badf(pos+int64(end), fmt.Sprintf("end of a directory block of inode %d", i.Ino), fmt.Sprintf("% x", tail), "a checksum's record")
	}
	at := pos + int64(len(b)-ondisk.DirTailSumLen)
	return i.compare(ondisk.DirTailSum(tail), i.sums.DirBlock(b[:end]), at, "directory block")
}

func (i *Inode) checkDxNode(l uint64, b []byte, pos int64) error {
	at := ondisk.DxNodeEntries
	if l == 0 {
		at = ondisk.DxRootEntries
	}
	c := ondisk.ParseDxCount(b[at:])
	tail := c.Tail(at)
	if tail+ondisk.DxTailSize > len(b) || c.Count > c.Limit {
		return badf(pos+int64(at), fmt.Sprintf("hash tree node of inode %d", i.Ino), fmt.Sprintf("%d of %d entries", c.Count, c.Limit),
			"at most %d", (len(b)-at-ondisk.DxTailSize)/ondisk.DxEntrySize)
	}
	sumAt := tail + ondisk.DxTailSumAt
	return i.compare(binary.LittleEndian.Uint32(b[sumAt:]), i.sums.DxNode(b, at, c), pos+int64(sumAt), "hash tree node")
}

// checkXAttrBlock checks block n of attributes, which inodes may share.
func (f *FS) checkXAttrBlock(h *ondisk.XAttrHeader, n uint64, b []byte, pos int64) error {
	if !f.sums.Enabled {
		return nil
	}
	if want := f.sums.XAttrBlock(b, n); h.Checksum != want {
		return wrongSum(pos+ondisk.XAttrChecksumOffset, h.Checksum, want, "attribute block %d", n)
	}
	return nil
}
