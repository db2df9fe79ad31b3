package mkext4

import (
	"encoding/binary"

	"shimboot/tools/internal/ext4/ondisk"
)

// sums puts metadata_csum's checksums where they belong, or does nothing where
// a file system has none.
type sums struct{ ondisk.Checksums }

// of gives the rules for an inode; the generation of all is 0.
func (s sums) of(ino uint32) ondisk.InodeSums { return s.Of(ino, 0) }

func (s sums) superblock(b []byte) {
	if s.Enabled {
		binary.LittleEndian.PutUint32(b[ondisk.SuperChecksum:], ondisk.SuperblockSum(b))
	}
}

func (s sums) groupDesc(b []byte, group uint64) {
	if s.Enabled {
		ondisk.PutGroupChecksum(b, s.GroupDesc(b, group))
	}
}

func (s sums) inode(b []byte, ino uint32) {
	if s.Enabled {
		ondisk.PutInodeChecksum(b, s.of(ino).Inode(b))
	}
}

// dirTail is how many bytes of a block of names are for the checksum.
func (s sums) dirTail() int {
	if s.Enabled {
		return ondisk.DirTailSize
	}
	return 0
}

// dirBlock finishes a block of names.
func (s sums) dirBlock(b []byte, ino uint32) {
	if s.Enabled {
		end := len(b) - ondisk.DirTailSize
		ondisk.PutDirTail(b[end:], s.of(ino).DirBlock(b[:end]))
	}
}

// dxNode finishes a block of a directory's index, whose entries start at a byte.
func (s sums) dxNode(b []byte, ino uint32, at int, c ondisk.DxCount) {
	if s.Enabled {
		tail := b[c.Tail(at):]
		binary.LittleEndian.PutUint32(tail[ondisk.DxTailSumAt:], s.of(ino).DxNode(b, at, c))
	}
}

// extentNode finishes a block of an extent tree.
func (s sums) extentNode(b []byte, ino uint32) {
	if s.Enabled {
		end := ondisk.ExtentEntryOffset(extentsInBlock)
		binary.LittleEndian.PutUint32(b[end:], s.of(ino).ExtentNode(b[:end]))
	}
}

// xattrBlock finishes a block of attributes.
func (s sums) xattrBlock(b []byte, block uint64) {
	if s.Enabled {
		binary.LittleEndian.PutUint32(b[ondisk.XAttrChecksumOffset:], s.XAttrBlock(b, block))
	}
}
