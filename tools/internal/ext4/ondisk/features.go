package ext4

import (
	"fmt"
	"strings"
)

// featureNames gives the name of each bit, from bit 0 up, as mke2fs(8) and
// dumpe2fs(8) spell them. An empty name is a bit nobody uses.
var (
	compatNames = [...]string{"dir_prealloc", "imagic_inodes", "has_journal", "ext_attr", "resize_inode",
		"dir_index", "lazy_bg", "snapshot", "exclude_bitmap", "sparse_super2", "fast_commit", "stable_inodes", "orphan_file"}
	incompatNames = [...]string{"compression", "filetype", "needs_recovery", "journal_dev", "meta_bg", "", "extent",
		"64bit", "mmp", "flex_bg", "ea_inode", "", "dirdata", "metadata_csum_seed", "large_dir", "inline_data", "encrypt", "casefold"}
	roCompatNames = [...]string{"sparse_super", "large_file", "", "huge_file", "uninit_bg", "dir_nlink", "extra_isize",
		"has_snapshot", "quota", "bigalloc", "metadata_csum", "replica", "read-only", "project", "shared_blocks", "verity", "orphan_present"}
)

// bitNames lists the names of the bits set in word; unnamed bits come out as
// the set's name and the bit in hexadecimal.
func bitNames(set string, word uint32, names []string) []string {
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

// features lists all features of a superblock, in dumpe2fs's order.
func (s *superblock) features() []string {
	out := bitNames("compat", s.Compat, compatNames[:])
	out = append(out, bitNames("incompat", s.Incompat, incompatNames[:])...)
	return append(out, bitNames("ro_compat", s.ROCompat&^roCompatHack, roCompatNames[:])...)
}

// checkFeatures refuses what this package cannot read, by name.
func (s *superblock) checkFeatures() error {
	unknown := s.Incompat &^ incompatKnown
	if unknown == 0 {
		return nil
	}
	return badf(superOffset+0x60, "incompatible features",
		strings.Join(bitNames("incompat", unknown, incompatNames[:]), " "), "none that this reader does not know")
}
