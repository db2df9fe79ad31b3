package ext4

import (
	"bytes"
	"fmt"
	"io"
)

// FS is an ext2, ext3 or ext4 file system opened for reading. It implements
// fs.FS, fs.ReadDirFS, fs.ReadFileFS, fs.StatFS and fs.ReadLinkFS, and may be
// used by several goroutines at once.
type FS struct {
	r      io.ReaderAt
	sb     *superblock
	bs     int64  // bytes a block
	blocks uint64 // blocks of the file system
	groups uint64
	desc   int64 // bytes a group descriptor
	verify verifier
	cache  blockCache
	dirs   dirCache
}

// Open reads the superblock of the file system that starts at byte 0 of r.
// Size is the number of bytes there are; the file system may be smaller.
// A journal that was not replayed is no error: see NeedsRecovery.
func Open(r io.ReaderAt, size int64) (*FS, error) {
	if size < superOffset+superSize {
		return nil, badf(0, "size", fmt.Sprintf("%d bytes", size), "at least %d", superOffset+superSize)
	}
	var buf [superSize]byte
	if err := readFull(r, buf[:], superOffset); err != nil {
		return nil, err
	}
	sb, err := decodeSuper(buf[:])
	if err != nil {
		return nil, err
	}
	if err := sb.checkFeatures(); err != nil {
		return nil, err
	}
	f := &FS{r: r, sb: sb, desc: 32}
	if f.verify, err = newVerifier(sb, buf[:]); err != nil {
		return nil, err
	}
	if err := f.checkGeometry(size); err != nil {
		return nil, err
	}
	return f, nil
}

// checkGeometry refuses numbers no file system has, so that the arithmetic
// after it can neither divide by zero nor overflow.
func (f *FS) checkGeometry(size int64) error {
	s := f.sb
	if s.LogBlock > 2 {
		return badf(superOffset+0x18, "block size", fmt.Sprintf("2^%d KiB", s.LogBlock), "1, 2 or 4 KiB")
	}
	f.bs = 1024 << s.LogBlock
	f.blocks = s.blocks()
	if f.blocks == 0 || f.blocks > uint64(size/f.bs) {
		return badf(superOffset+4, "length", fmt.Sprintf("%d blocks of %d bytes", f.blocks, f.bs), "at most the %d bytes there are", size)
	}
	if int64(s.FirstDataBlock) > 1 || uint64(s.FirstDataBlock) >= f.blocks {
		return badf(superOffset+0x14, "first data block", s.FirstDataBlock, "0 or 1")
	}
	if s.BlocksPerGroup == 0 {
		return badf(superOffset+0x20, "blocks per group", 0, "more than 0")
	}
	if s.InodesPerGroup == 0 || int64(s.InodesPerGroup) > 8*f.bs {
		return badf(superOffset+0x28, "inodes per group", s.InodesPerGroup, "1 to %d", 8*f.bs)
	}
	if n := int64(s.InodeSize); n < oldInodeSize || n > f.bs || n&(n-1) != 0 {
		return badf(superOffset+0x58, "inode size", n, "a power of two from %d to %d", oldInodeSize, f.bs)
	}
	if s.has(incompat64Bit) {
		f.desc = int64(s.DescSize)
		if f.desc < 64 || f.desc > 1024 || f.desc&(f.desc-1) != 0 {
			return badf(superOffset+0xFE, "group descriptor size", f.desc, "a power of two from 64 to 1024")
		}
	}
	per := uint64(s.BlocksPerGroup)
	f.groups = (f.blocks - uint64(s.FirstDataBlock) + per - 1) / per
	if uint64(s.InodesCount) > f.groups*uint64(s.InodesPerGroup) || s.InodesCount < rootInode {
		return badf(superOffset, "inode count", s.InodesCount, "at most %d groups of %d", f.groups, s.InodesPerGroup)
	}
	return nil
}

// Label is the volume name.
func (f *FS) Label() string {
	label, _, _ := bytes.Cut(f.sb.Label[:], []byte{0})
	return string(label)
}

// UUID is the volume's UUID in the order of its text form.
func (f *FS) UUID() [16]byte { return f.sb.UUID }

// BlockSize is in bytes.
func (f *FS) BlockSize() int64 { return f.bs }

// Blocks is the length of the file system in blocks.
func (f *FS) Blocks() uint64 { return f.blocks }

// FreeBlocks is what the superblock says, in blocks.
func (f *FS) FreeBlocks() uint64 { return f.sb.wide(f.sb.FreeBlocksLo, f.sb.FreeBlocksHi) }

// Features names the features as dumpe2fs does, without the read-only hack.
func (f *FS) Features() []string { return f.sb.features() }

// NeedsRecovery tells that the journal was not replayed: what is read is what
// the disk has, which may be older than what was last written.
func (f *FS) NeedsRecovery() bool { return f.sb.has(incompatRecover) }

// ReadOnlyHack tells that the top byte of feature_ro_compat is set, as on a
// ChromeOS root, so that Linux refuses to mount it for writing.
func (f *FS) ReadOnlyHack() bool { return f.sb.ROCompat&roCompatHack != 0 }
