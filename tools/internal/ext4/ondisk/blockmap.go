package ondisk

// The block map of ext2 and ext3 (ifork.rst, "Direct/Indirect Block
// Addressing") is the 15 words of i_block: the first blocks of the content,
// and one block each whose words are blocks, blocks of such blocks, and blocks
// of those. A word of 0 is a hole.
const (
	DirectBlocks   = 12
	IndirectLevels = 3
	PointerSize    = 4 // bytes of a block number
)
