package ext4

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"shimboot/tools/internal/ext4/ondisk"
)

// Sizes of a block: 1, 2 and 4 KiB.
const (
	minBlockSize    = 1024
	maxLogBlockSize = 2
)

// FS is an ext2, ext3 or ext4 file system opened for reading. It implements
// fs.FS, fs.ReadDirFS, fs.ReadFileFS, fs.StatFS and fs.ReadLinkFS, and may be
// used by several goroutines at once.
type FS struct {
	r      io.ReaderAt
	sb     *ondisk.Superblock
	bs     int64  // bytes a block
	blocks uint64 // blocks of the file system
	groups uint64
	desc   int64 // bytes a group descriptor
	sums   ondisk.Checksums
	cache  blockCache
	dirs   dirCache
}

// Open reads the superblock of the file system that starts at byte 0 of r.
// Size is the number of bytes there are; the file system may be smaller.
// A journal that was not replayed is no error: see NeedsRecovery.
func Open(r io.ReaderAt, size int64) (*FS, error) {
	if size < ondisk.SuperblockOffset+ondisk.SuperblockSize {
		return nil, badf(0, "size", fmt.Sprintf("%d bytes", size), "at least %d", ondisk.SuperblockOffset+ondisk.SuperblockSize)
	}
	var buf [ondisk.SuperblockSize]byte
	if err := readFull(r, buf[:], ondisk.SuperblockOffset); err != nil {
		return nil, err
	}
	sb, err := ondisk.ParseSuperblock(buf[:])
	if err != nil {
		return nil, err
	}
	if err := checkFeatures(sb); err != nil {
		return nil, err
	}
	if err := checkSuperblock(sb, buf[:]); err != nil {
		return nil, err
	}
	f := &FS{r: r, sb: sb, sums: sb.Checksums(), desc: ondisk.GroupDescSize}
	if err := f.checkGeometry(size); err != nil {
		return nil, err
	}
	return f, nil
}

// checkFeatures refuses what this package cannot read, by name. Encryption is
// not among that because only the inodes that use it are unreadable, and are
// refused one by one.
func checkFeatures(s *ondisk.Superblock) error {
	const readable = ondisk.IncompatFiletype | ondisk.IncompatRecover | ondisk.IncompatMetaBG | ondisk.IncompatExtents |
		ondisk.Incompat64Bit | ondisk.IncompatMMP | ondisk.IncompatFlexBG | ondisk.IncompatEAInode | ondisk.IncompatCsumSeed |
		ondisk.IncompatLargeDir | ondisk.IncompatInlineData | ondisk.IncompatEncrypt | ondisk.IncompatCasefold
	unknown := s.Incompat &^ readable
	if unknown == 0 {
		return nil
	}
	return badf(ondisk.SuperblockOffset+ondisk.SuperIncompat, "incompatible features",
		strings.Join(ondisk.IncompatNames(unknown), " "), "none that this reader does not know")
}

// checkGeometry refuses numbers no file system has, so that the arithmetic
// after it can neither divide by zero nor overflow.
func (f *FS) checkGeometry(size int64) error {
	s := f.sb
	if s.LogBlockSize > maxLogBlockSize {
		return badf(ondisk.SuperblockOffset+ondisk.SuperLogBlockSize, "block size", fmt.Sprintf("2^%d KiB", s.LogBlockSize), "1, 2 or 4 KiB")
	}
	f.bs = minBlockSize << s.LogBlockSize
	f.blocks = s.Blocks()
	if f.blocks == 0 || f.blocks > uint64(size/f.bs) {
		return badf(ondisk.SuperblockOffset+ondisk.SuperBlocksCount, "length", fmt.Sprintf("%d blocks of %d bytes", f.blocks, f.bs), "at most the %d bytes there are", size)
	}
	if int64(s.FirstDataBlock) > 1 || uint64(s.FirstDataBlock) >= f.blocks {
		return badf(ondisk.SuperblockOffset+ondisk.SuperFirstDataBlock, "first data block", s.FirstDataBlock, "0 or 1")
	}
	if s.BlocksPerGroup == 0 {
		return badf(ondisk.SuperblockOffset+ondisk.SuperBlocksPerGroup, "blocks per group", 0, "more than 0")
	}
	if s.InodesPerGroup == 0 || int64(s.InodesPerGroup) > 8*f.bs {
		return badf(ondisk.SuperblockOffset+ondisk.SuperInodesPerGroup, "inodes per group", s.InodesPerGroup, "1 to %d", 8*f.bs)
	}
	if n := int64(s.InodeSize); n < ondisk.OldInodeSize || n > f.bs || n&(n-1) != 0 {
		return badf(ondisk.SuperblockOffset+ondisk.SuperInodeSize, "inode size", n, "a power of two from %d to %d", ondisk.OldInodeSize, f.bs)
	}
	if s.HasIncompat(ondisk.Incompat64Bit) {
		f.desc = int64(s.DescSize)
		if f.desc < ondisk.GroupDesc64Size || f.desc > ondisk.MaxGroupDescSize || f.desc&(f.desc-1) != 0 {
			return badf(ondisk.SuperblockOffset+ondisk.SuperDescSize, "group descriptor size", f.desc, "a power of two from %d to %d", ondisk.GroupDesc64Size, ondisk.MaxGroupDescSize)
		}
	}
	per := uint64(s.BlocksPerGroup)
	f.groups = (f.blocks - uint64(s.FirstDataBlock) + per - 1) / per
	if uint64(s.InodesCount) > f.groups*uint64(s.InodesPerGroup) || s.InodesCount < ondisk.RootInode {
		return badf(ondisk.SuperblockOffset+ondisk.SuperInodesCount, "inode count", s.InodesCount, "at most %d groups of %d", f.groups, s.InodesPerGroup)
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
func (f *FS) FreeBlocks() uint64 { return f.sb.FreeBlocks() }

// Features names the features as dumpe2fs does, without the read-only hack.
func (f *FS) Features() []string { return f.sb.Features() }

// Type is what mkfs would have been asked for, by the features: "ext2", "ext3" or
// "ext4".
func (f *FS) Type() string {
	switch {
	case f.sb.HasIncompat(ondisk.IncompatExtents):
		return "ext4"
	case f.sb.HasCompat(ondisk.CompatHasJournal):
		return "ext3"
	}
	return "ext2"
}

// NeedsRecovery tells that the journal was not replayed: what is read is what
// the disk has, which may be older than what was last written.
func (f *FS) NeedsRecovery() bool { return f.sb.HasIncompat(ondisk.IncompatRecover) }
