package ondisk

import "fmt"

// Compatible features (s_feature_compat): a reader and a writer may ignore them.
const (
	CompatHasJournal  = 0x0004
	CompatExtAttr     = 0x0008
	CompatResizeInode = 0x0010 // blocks are kept for group descriptors to come
	CompatDirIndex    = 0x0020
	CompatSparse2     = 0x0200 // sparse_super2
)

// Incompatible features (s_feature_incompat): who does not know one cannot even
// read.
const (
	IncompatFiletype   = 0x00002 // directory entries have a type
	IncompatRecover    = 0x00004 // the journal has to be replayed
	IncompatMetaBG     = 0x00010
	IncompatExtents    = 0x00040
	Incompat64Bit      = 0x00080
	IncompatMMP        = 0x00100
	IncompatFlexBG     = 0x00200
	IncompatEAInode    = 0x00400
	IncompatCsumSeed   = 0x02000
	IncompatLargeDir   = 0x04000
	IncompatInlineData = 0x08000
	IncompatEncrypt    = 0x10000
	IncompatCasefold   = 0x20000
)

// Features that a kernel which does not know them may only read
// (s_feature_ro_compat).
const (
	ROCompatSparseSuper  = 0x0001
	ROCompatLargeFile    = 0x0002
	ROCompatHugeFile     = 0x0008
	ROCompatGDTCsum      = 0x0010 // uninit_bg
	ROCompatDirNlink     = 0x0020
	ROCompatExtraIsize   = 0x0040
	ROCompatBigalloc     = 0x0200
	ROCompatMetadataCsum = 0x0400

	// ROCompatHack is the top byte; ChromeOS sets all of it so that no kernel
	// mounts the file system for writing.
	ROCompatHack = 0xFF000000
)

// CompatNames names the bits of a word of compatible features as mke2fs(8) and
// dumpe2fs(8) do. A bit nobody uses comes out as "compat:" and its value.
func CompatNames(word uint32) []string {
	return bitNames("compat", word, "dir_prealloc", "imagic_inodes", "has_journal", "ext_attr", "resize_inode",
		"dir_index", "lazy_bg", "snapshot", "exclude_bitmap", "sparse_super2", "fast_commit", "stable_inodes", "orphan_file")
}

// IncompatNames is CompatNames for incompatible features.
func IncompatNames(word uint32) []string {
	return bitNames("incompat", word, "compression", "filetype", "needs_recovery", "journal_dev", "meta_bg", "", "extent",
		"64bit", "mmp", "flex_bg", "ea_inode", "", "dirdata", "metadata_csum_seed", "large_dir", "inline_data", "encrypt", "casefold")
}

// ROCompatNames is CompatNames for read-only compatible features.
func ROCompatNames(word uint32) []string {
	return bitNames("ro_compat", word, "sparse_super", "large_file", "", "huge_file", "uninit_bg", "dir_nlink", "extra_isize",
		"has_snapshot", "quota", "bigalloc", "metadata_csum", "replica", "read-only", "project", "shared_blocks", "verity", "orphan_present")
}

// bitNames lists the names of the bits set in word, from bit 0 up; an empty
// name is a bit nobody uses.
func bitNames(set string, word uint32, names ...string) []string {
	var out []string
	for bit := range 32 {
		if word&(1<<bit) == 0 {
			continue
		}
		if bit < len(names) && names[bit] != "" {
			out = append(out, names[bit])
		} else {
			out = append(out, fmt.Sprintf("%s:0x%x", set, uint32(1)<<bit))
		}
	}
	return out
}
