// Package ondisk has the structures of ext2, ext3 and ext4 as they lie on a
// disk, one a file, each with its codec. It knows no walk from one to the next:
// package ext4 does that for reading, package mkext4 for writing.
//
//	superblock.go  Superblock, and which groups have a copy of it
//	groupdesc.go   GroupDesc, of 32 and of 64 bytes
//	bitmap.go      the bitmaps of blocks and of inodes
//	inode.go       Inode; its numbers and flags
//	extent.go      ExtentHeader, Extent, ExtentIndex
//	blockmap.go    the older map: direct and indirect blocks
//	direntry.go    DirEntry, and the tail of a block of them
//	htree.go       the index of a large directory; dirhash.go its hash
//	xattr.go       XAttrHeader, XAttrEntry; acl.go the value of an ACL
//	journal.go     JournalSuperblock
//	features.go    feature bits and their names
//	filetype.go    file types of inodes and directories
//	times.go       timestamps; device.go device numbers
//	checksum.go    what metadata_csum sums up, and from where
//
// A codec reads from and writes to a slice that starts with the structure:
//
//	d := ondisk.ParseGroupDesc(block[64*k:][:64])
//	d.FreeBlocks--
//	d.Put(block[64*k:][:64])
//
// Lengths are bytes and places are blocks where nothing else is said. All
// numbers are little-endian, but for the journal's, which are big-endian. An
// argument named at is the byte offset from the start of the file system, for
// the *FormatError.
//
// The format is that of Linux: Documentation/filesystems/ext4, whose page is
// named with each structure, and fs/ext4/ext4.h; and of e2fsprogs: lib/ext2fs.
package ondisk
