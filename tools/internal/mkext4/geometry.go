package mkext4

import (
	"fmt"

	"shimboot/tools/internal/ext4/ondisk"
)

// Sizes of a file system written here.
const (
	blocksPerGroup   = 8 * blockSize // what one block of bitmap covers: 128 MiB
	inodeSize        = 256
	inodesPerBlock   = blockSize / inodeSize
	maxGroupInodes   = 8 * blockSize
	bytesPerInode    = 16 << 10 // as mke2fs: one inode for so much space
	pointersPerBlock = blockSize / ondisk.PointerSize
	minGroupContent  = 50              // blocks a last group must have for content, as mke2fs
	growTarget       = uint64(2 << 40) // bytes up to which group descriptors are reserved
	minGrowable      = 16 << 20        // bytes; smaller file systems are not made to grow
)

// geometry is the division of a file system into groups. Group g starts with
// its backup of the superblock and descriptors, if it has one. The first group
// of each flex continues with the block bitmaps, inode bitmaps and inode
// tables of all groups of the flex. All the rest is for content.
type geometry struct {
	profile     profile
	blocks      uint64
	groups      uint64
	inodes      uint32 // per group
	tableBlocks uint64 // of one group's inode table
	descBlocks  uint64 // of group descriptors
	reservedGDT uint64 // further blocks, for the descriptors of groups to come
	flex        uint64 // groups, a power of two
}

// newGeometry divides so many blocks, for at least so many inodes.
func newGeometry(kind Kind, blocks, inodes uint64) (*geometry, error) {
	for {
		g := &geometry{profile: kind.profile(), blocks: blocks, groups: ceilDiv(blocks, blocksPerGroup)}
		if err := g.fill(inodes); err != nil {
			return nil, err
		}
		last := g.groups - 1
		size := g.groupEnd(last) - g.groupStart(last)
		if size >= g.overhead(last)+minGroupContent {
			return g, nil
		}
		if last == 0 {
			return nil, fmt.Errorf("ext4: %d blocks are too few, want at least %d", blocks, g.overhead(0)+minGroupContent)
		}
		blocks = g.groupStart(last) // a last group without room is left out
	}
}

func (g *geometry) fill(inodes uint64) error {
	if g.blocks == 0 || g.blocks >= maxBlocks {
		return fmt.Errorf("ext4: %d blocks, want 1 to %d (16 TiB)", g.blocks, uint64(maxBlocks-1))
	}
	inodes = max(inodes, g.blocks*blockSize/bytesPerInode)
	per := ceilDiv(ceilDiv(inodes, g.groups), inodesPerBlock) * inodesPerBlock
	if per > maxGroupInodes {
		return fmt.Errorf("ext4: %d inodes in %d groups, want at most %d each", inodes, g.groups, maxGroupInodes)
	}
	g.inodes = uint32(per)
	g.tableBlocks = per / inodesPerBlock
	g.descBlocks = ceilDiv(g.groups*g.profile.descSize, blockSize)
	target := growTarget / blockSize / blocksPerGroup * g.profile.descSize / blockSize
	if g.profile.growable && g.blocks*blockSize >= minGrowable && g.descBlocks < target {
		g.reservedGDT = target - g.descBlocks
	}
	for g.flex = g.profile.flex; g.flex > 1 && g.flex*(2+g.tableBlocks) > blocksPerGroup/2; {
		g.flex /= 2
	}
	return nil
}

func (g *geometry) groupStart(n uint64) uint64 { return n * blocksPerGroup }

func (g *geometry) groupEnd(n uint64) uint64 { return min((n+1)*blocksPerGroup, g.blocks) }

// superBlocks counts what group n has of superblock and descriptors.
func (g *geometry) superBlocks(n uint64) uint64 {
	if !ondisk.SparseGroup(n) {
		return 0
	}
	return 1 + g.descBlocks + g.reservedGDT
}

// flexGroups counts the groups of the flex that starts with group n.
func (g *geometry) flexGroups(n uint64) uint64 { return min(g.flex, g.groups-n) }

// overhead counts the blocks at the start of group n that are not for content.
func (g *geometry) overhead(n uint64) uint64 {
	if n%g.flex != 0 {
		return g.superBlocks(n)
	}
	return g.superBlocks(n) + g.flexGroups(n)*(2+g.tableBlocks)
}

// groupPlaces are the blocks where a group's own metadata lies.
type groupPlaces struct{ blockBitmap, inodeBitmap, inodeTable uint64 }

func (g *geometry) places(n uint64) groupPlaces {
	first := n - n%g.flex
	base := g.groupStart(first) + g.superBlocks(first)
	count, k := g.flexGroups(first), n-first
	return groupPlaces{base + k, base + count + k, base + 2*count + k*g.tableBlocks}
}

// inodeBlock gives the block that holds an inode, and the byte offset in it.
func (g *geometry) inodeBlock(ino uint32) (block uint64, off int) {
	group, k := (ino-1)/g.inodes, (ino-1)%g.inodes
	return g.places(uint64(group)).inodeTable + uint64(k/inodesPerBlock), int(k%inodesPerBlock) * inodeSize
}

// journalSizes lists lengths of the journal to try, longest first: from what
// mke2fs takes (e2fsprogs lib/ext2fs/mkjournal.c, ext2fs_default_journal_size)
// down to the least that Linux accepts. Below 8 MiB there is none.
func (g *geometry) journalSizes() []uint64 {
	if !g.profile.journal || g.blocks < 2048 {
		return []uint64{0}
	}
	steps := [...]struct{ from, size uint64 }{
		{32768 << 10, 262144}, {16384 << 10, 131072}, {8192 << 10, 65536}, {4096 << 10, 32768},
		{512 << 10, 16384}, {256 << 10, 8192}, {32768, 4096}, {0, ondisk.MinJournalBlocks},
	}
	var out []uint64
	for _, s := range steps {
		if g.blocks >= s.from {
			out = append(out, s.size)
		}
	}
	return out
}
