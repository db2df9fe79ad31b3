package revision

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/ext4/ondisk"
)

// volume is a file system that is being changed.
type volume struct {
	fs            *ext4.FS // before
	next          []byte
	sb            *ondisk.Superblock
	sums          ondisk.Checksums
	bs            uint64
	wasFree, free []bool // before; and of these, not taken since
	low           uint64 // no block before it is free
	groups        []*group
}

// group is a group as it becomes.
type group struct {
	nr             uint64
	desc           ondisk.GroupDesc
	first, count   uint64 // its blocks
	spare          uint64 // a free one that is kept for its bitmap, or 0
	blocks, inodes []byte // bitmaps
	table          []byte
	// Whether bits or inodes are other ones: they are in another place then.
	blocksChanged, inodesChanged bool
}

// open reads a file system that can be changed.
func open(old []byte) (*volume, error) {
	fsys, err := ext4.Open(bytes.NewReader(old), int64(len(old)))
	if err != nil {
		return nil, err
	}
	sb, err := ondisk.ParseSuperblock(old[ondisk.SuperblockOffset:][:ondisk.SuperblockSize])
	if err != nil {
		return nil, err
	}
	if err := checkSuper(sb); err != nil {
		return nil, err
	}
	v := &volume{fs: fsys, next: bytes.Clone(old), sb: sb, sums: sb.Checksums(), bs: uint64(fsys.BlockSize()), free: make([]bool, fsys.Blocks())}
	err = fsys.Free(func(start, count uint64) {
		for b := start; b < start+count; b++ {
			v.free[b] = true
		}
	})
	if err != nil {
		return nil, err
	}
	v.wasFree = slices.Clone(v.free)
	per := uint64(sb.BlocksPerGroup)
	for first := uint64(sb.FirstDataBlock); first < fsys.Blocks(); first += per {
		g := &group{nr: uint64(len(v.groups)), first: first, count: min(per, fsys.Blocks()-first)}
		if err := v.read(g); err != nil {
			return nil, err
		}
		if k := slices.Index(v.free[first:first+g.count], true); k >= 0 {
			g.spare = first + uint64(k)
			v.free[g.spare] = false
		}
		v.groups = append(v.groups, g)
	}
	return v, nil
}

// checkSuper refuses what cannot be changed, or whose bitmaps may be wrong.
func checkSuper(s *ondisk.Superblock) error {
	const (
		incompat = ondisk.IncompatFiletype | ondisk.IncompatExtents | ondisk.Incompat64Bit | ondisk.IncompatFlexBG | ondisk.IncompatCsumSeed
		roCompat = ondisk.ROCompatSparseSuper | ondisk.ROCompatLargeFile | ondisk.ROCompatHugeFile | ondisk.ROCompatGDTCsum |
			ondisk.ROCompatDirNlink | ondisk.ROCompatExtraIsize | ondisk.ROCompatMetadataCsum
	)
	if s.HasIncompat(ondisk.IncompatRecover) {
		return badinput.New("ext4").Got("a journal that was not replayed").Want("a file system that was unmounted").
			Fix("mount it once, or let e2fsck do it")
	}
	if s.State != ondisk.StateClean {
		return badinput.New("ext4").Got("a file system that was not unmounted, or has errors").Want("one that is clean").Fix("let e2fsck -f check it")
	}
	if more := append(ondisk.IncompatNames(s.Incompat&^incompat), ondisk.ROCompatNames(s.ROCompat&^roCompat)...); len(more) > 0 {
		return badinput.New("ext4").Got("the features %s", strings.Join(more, " ")).Want("none that is not written here").
			Fix("mount it, and copy the file")
	}
	return nil
}

// read reads what a group's descriptor leads to.
func (v *volume) read(g *group) error {
	raw := v.next[v.descAt(g.nr):][:descSize(v.sb)]
	g.desc = ondisk.ParseGroupDesc(raw)
	if sum := v.sb.GroupDescSum(raw, g.nr); v.flagged() && sum != g.desc.Checksum {
		return ondisk.Badf(int64(v.descAt(g.nr)), fmt.Sprintf("checksum of the descriptor of group %d", g.nr), g.desc.Checksum, "%d", sum)
	}
	g.blocks, g.inodes = bytes.Clone(v.block(g.desc.BlockBitmap)), bytes.Clone(v.block(g.desc.InodeBitmap))
	g.table = bytes.Clone(v.next[g.desc.InodeTable*v.bs:][:v.tableBlocks()*v.bs])
	unused, inodes := uint64(0), uint64(v.sb.InodesPerGroup)
	if v.flagged() {
		unused = min(uint64(g.desc.UnusedInodes), inodes)
	}
	if v.flagged() && g.desc.Flags&ondisk.GroupBlockUninit != 0 {
		v.makeBlockBitmap(g)
	} else if err := v.checkBitmap(g, g.blocks[:v.sb.BlocksPerGroup/8], g.desc.BlockBitmapSum); err != nil {
		return err
	}
	if v.flagged() && g.desc.Flags&ondisk.GroupInodeUninit != 0 {
		unused = inodes
		clear(g.inodes)
		ondisk.SetBits(g.inodes, inodes, 8*v.bs)
	} else if err := v.checkBitmap(g, g.inodes[:inodes/8], g.desc.InodeBitmapSum); err != nil {
		return err
	}
	clear(g.table[(inodes-unused)*uint64(v.sb.InodeSize):]) // it may never have been written
	return nil
}

// makeBlockBitmap makes the bitmap that a group is spared.
func (v *volume) makeBlockBitmap(g *group) {
	clear(g.blocks)
	for b := range 8 * v.bs {
		if b >= g.count || !v.wasFree[g.first+b] {
			ondisk.SetBits(g.blocks, b, b+1)
		}
	}
}

func (v *volume) checkBitmap(g *group, b []byte, found uint32) error {
	if want := v.bitmapSum(b); v.sums.Enabled && found != want {
		return ondisk.Badf(int64(v.descAt(g.nr)), fmt.Sprintf("checksum of a bitmap of group %d", g.nr), found, "%d", want)
	}
	return nil
}

// bitmapSum is as much of a bitmap's checksum as a descriptor has room for.
func (v *volume) bitmapSum(b []byte) uint32 {
	if descSize(v.sb) < ondisk.GroupDesc64Size {
		return v.sums.Bitmap(b) & 0xFFFF
	}
	return v.sums.Bitmap(b)
}

// flagged tells whether descriptors have flags and checksums.
func (v *volume) flagged() bool {
	return v.sb.HasROCompat(ondisk.ROCompatGDTCsum | ondisk.ROCompatMetadataCsum)
}

func descSize(s *ondisk.Superblock) int {
	if s.HasIncompat(ondisk.Incompat64Bit) {
		return int(s.DescSize)
	}
	return ondisk.GroupDescSize
}

// descAt is the byte of a group's descriptor.
func (v *volume) descAt(g uint64) int {
	return int((ondisk.SuperblockOffset/v.bs+1)*v.bs) + int(g)*descSize(v.sb)
}

// tableBlocks are the blocks of a group's table of inodes.
func (v *volume) tableBlocks() uint64 {
	return (uint64(v.sb.InodesPerGroup)*uint64(v.sb.InodeSize) + v.bs - 1) / v.bs
}

// block is a block as it becomes.
func (v *volume) block(n uint64) []byte { return v.next[n*v.bs:][:v.bs] }
