package rootfs

import (
	"errors"
	"io"

	"shimboot/tools/internal/squashfs"
)

const (
	fixCopy   = "this tool reads ext2, ext3, ext4 and squashfs: mount it elsewhere, and give an ext4 of what is in it (mke2fs -d)"
	fixOpen   = "this tool has no keys: give an image whose root is not encrypted"
	fixVolume = "give an image of the root's own volume"
	fixDisk   = "give the image of the whole disk"
)

// kind is a row of what a partition may hold.
type kind struct {
	name   string // as blkid has it
	called string // in messages
	offset int64  // where the magic is
	magic  string
	fix    string // for who wanted a root
	open   opener // nil where it is only known by name
	// vague is a magic that others have too: what does not open is not of this kind.
	vague bool
}

type opener func(r io.ReaderAt, size int64) (*Content, error)

// kinds are what a partition may hold, by the magic of each: the kernel's
// include/uapi/linux/magic.h and its file systems' own headers, LVM's label and
// LUKS's header by their specifications, vboot's keyblock.
func kinds() []kind {
	return []kind{
		{name: "ext", called: "ext", offset: 1080, magic: "\x53\xef", open: openExt},
		{name: "squashfs", called: "squashfs", magic: squashfs.Magic, open: openSquashfs},
		{name: "erofs", called: "erofs", offset: 1024, magic: "\xe2\xe1\xf5\xe0", fix: fixCopy},
		{name: "f2fs", called: "f2fs", offset: 1024, magic: "\x10\x20\xf5\xf2", fix: fixCopy},
		{name: "btrfs", called: "btrfs", offset: 0x10040, magic: "_BHRfS_M", fix: fixCopy},
		{name: "xfs", called: "xfs", magic: "XFSB", fix: fixCopy},
		{name: "vfat", called: "FAT32", offset: 82, magic: "FAT32   ", fix: fixCopy, open: openFAT},
		{name: "vfat", called: "FAT16", offset: 54, magic: "FAT16   ", fix: fixCopy, open: openFAT},
		{name: "vfat", called: "FAT12", offset: 54, magic: "FAT12   ", fix: fixCopy, open: openFAT},
		{name: "iso9660", called: "ISO 9660", offset: 0x8001, magic: "CD001", fix: fixCopy},
		{name: "crypto_LUKS", called: "a LUKS container", magic: "LUKS\xba\xbe", fix: fixOpen},
		{name: "LVM2_member", called: "an LVM volume", offset: 512, magic: "LABELONE", fix: fixVolume},
		{name: "kernel", called: "a ChromeOS kernel", magic: "CHROMEOS", fix: fixDisk, open: openKernel},
		// The names above are for people: no FAT need have one.
		{name: "vfat", called: "a FAT", offset: 510, magic: "\x55\xaa", fix: fixCopy, open: openFAT, vague: true},
	}
}

// matching gives the kinds whose magic is there. The error is of reading, and
// of interest where nothing is found.
func matching(r io.ReaderAt) (found []kind, err error) {
	for _, k := range kinds() {
		buf := make([]byte, len(k.magic))
		_, failed := r.ReadAt(buf, k.offset)
		if string(buf) == k.magic {
			found = append(found, k)
		} else if err == nil && !errors.Is(failed, io.EOF) {
			err = failed
		}
	}
	return found, err
}
