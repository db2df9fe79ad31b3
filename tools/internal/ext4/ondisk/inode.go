package ext4

// Numbers of the format, named as in fs/ext4/ext4.h without the prefixes.
const (
	superOffset = 1024 // bytes from the start to the superblock, whatever the block size
	superSize   = 1024
	superMagic  = 0xEF53
	revDynamic  = 1 // revision that has feature words and an inode size

	oldInodeSize  = 128 // all of an inode in revision 0, the fixed part later
	oldFirstInode = 11
	badInode      = 1
	rootInode     = 2
	resizeInode   = 7
	journalInode  = 8

	iblockOffset = 0x28 // i_block, the 60 bytes that map an inode's content
	iblockSize   = 60

	maxNameLen = 255
	// roCompatHack is the top byte of feature_ro_compat; ChromeOS sets all of
	// it so that no kernel mounts the file system for writing.
	roCompatHack = 0xFF000000
)

// Inode flags.
const (
	flagEncrypt    = 0x00000800
	flagIndex      = 0x00001000 // directory has a hash tree
	flagHugeFile   = 0x00040000 // i_blocks counts file system blocks
	flagExtents    = 0x00080000
	flagEAInode    = 0x00200000
	flagInlineData = 0x10000000
)

// Compatible features: a reader and a writer may ignore them.
const (
	compatHasJournal  = 0x0004
	compatExtAttr     = 0x0008
	compatResizeInode = 0x0010
	compatDirIndex    = 0x0020
	compatSparse2     = 0x0200
)

// Incompatible features: who does not know one cannot even read.
const (
	incompatFiletype = 0x0002
	incompatRecover  = 0x0004
	incompatMetaBG   = 0x0010
	incompatExtents  = 0x0040
	incompat64Bit    = 0x0080
	incompatFlexBG   = 0x0200

	// incompatKnown is what this package can read. Encryption is here because
	// only the inodes that use it are unreadable, and are refused one by one.
	incompatKnown = incompatFiletype | incompatRecover | incompatMetaBG | incompatExtents | incompat64Bit |
		0x0100 /* mmp */ | incompatFlexBG | 0x0400 /* ea_inode */ | 0x2000 /* csum_seed */ |
		0x4000 /* large_dir */ | 0x8000 /* inline_data */ | 0x10000 /* encrypt */ | 0x20000 /* casefold */
	incompatLargeDir = 0x4000
)

// Features that a kernel which does not know them may only read.
const (
	roCompatSparseSuper = 0x0001
	roCompatLargeFile   = 0x0002
	roCompatHugeFile    = 0x0008
	roCompatDirNlink    = 0x0020
	roCompatExtraIsize  = 0x0040

	roCompatMetadataCsum = 0x0400
)

// Flags of a group descriptor.
const groupInodeUninit = 0x0001 // no inode of the group was ever written

// File types in directory entries.
const (
	ftUnknown = iota
	ftRegular
	ftDir
	ftChar
	ftBlock
	ftFifo
	ftSocket
	ftSymlink
)

// Extent tree nodes: a 12-byte header and 12-byte entries.
const (
	extentMagic     = 0xF30A
	extentHeader    = 12
	extentEntry     = 12
	extentMaxDepth  = 5
	extentMaxInit   = 32768 // blocks; a longer length means "unwritten", minus this
	directBlocks    = 12
	indirectLevels  = 3
	maxSymlinkDepth = 40 // as MAXSYMLINKS in Linux
)

// Limits against hostile images.
const (
	maxReadFile  = 256 << 20 // bytes ReadFile returns at most
	maxDirBytes  = 64 << 20  // bytes of one directory
	maxDirNames  = 512 << 10 // names in one directory
	maxXAttrSize = 64 << 10  // XATTR_SIZE_MAX of Linux
)
