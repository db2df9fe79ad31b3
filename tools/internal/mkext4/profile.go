package mkext4

import "shimboot/tools/internal/ext4/ondisk"

// profile is what the writer gives a kind of file system. Linux 4.4 has to
// mount all of it: no metadata_csum_seed, orphan_file or casefold.
type profile struct {
	compat, incompat, roCompat uint32
	descSize                   uint64 // bytes of a group descriptor
	flex                       uint64 // groups whose bitmaps and inode tables lie together, at most
	journal, growable          bool   // where the size allows it: has_journal, resize_inode
	maxLinks                   uint32
	maxFile                    int64
}

func (k Kind) profile() profile {
	p := profile{
		compat:   ondisk.CompatExtAttr,
		incompat: ondisk.IncompatFiletype,
		roCompat: ondisk.ROCompatSparseSuper | ondisk.ROCompatLargeFile,
		descSize: ondisk.GroupDescSize,
		flex:     1,
		maxLinks: 32000,
		maxFile:  1 << 40, // below what 32 bits of i_blocks and three levels of map reach
	}
	if k == Ext4 {
		p.compat |= ondisk.CompatDirIndex
		p.incompat |= ondisk.IncompatExtents | ondisk.Incompat64Bit | ondisk.IncompatFlexBG
		p.roCompat |= ondisk.ROCompatHugeFile | ondisk.ROCompatDirNlink | ondisk.ROCompatExtraIsize | ondisk.ROCompatMetadataCsum
		p.descSize = ondisk.GroupDesc64Size
		p.flex = 16 // as mke2fs
		p.journal, p.growable = true, true
		p.maxLinks = 65000
		p.maxFile = (1<<32 - 1) * blockSize
	}
	return p
}

// sums gives the checksums that the kind wants.
func (k Kind) sums(uuid [16]byte) sums {
	if k.profile().roCompat&ondisk.ROCompatMetadataCsum == 0 {
		return sums{}
	}
	return sums{ondisk.NewChecksums(uuid)}
}
