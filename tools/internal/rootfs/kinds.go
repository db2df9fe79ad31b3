package harvest

import (
	"bytes"
	"io"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/harvest/squashfs"
)

// The file systems that are read.
const (
	extType    = "ext"
	squashType = "squashfs"
)

const (
	fixCopy   = "this tool reads ext2, ext3, ext4 and squashfs: mount it elsewhere, and give an ext4 of what is in it (mke2fs -d)"
	fixOpen   = "this tool has no keys: give an image whose root is not encrypted"
	fixVolume = "give an image of the root's own volume"
)

// rootTypes are what a root partition may hold, by the magic of each: the
// kernel's include/uapi/linux/magic.h and its file systems' own headers, LVM's
// label and LUKS's header by their specifications.
func rootTypes() []rootKind {
	return []rootKind{
		{extType, 1080, "\x53\xef", ""},
		{squashType, 0, squashfs.Magic, ""},
		{"erofs", 1024, "\xe2\xe1\xf5\xe0", fixCopy},
		{"f2fs", 1024, "\x10\x20\xf5\xf2", fixCopy},
		{"btrfs", 0x10040, "_BHRfS_M", fixCopy},
		{"xfs", 0, "XFSB", fixCopy},
		{"FAT32", 82, "FAT32   ", fixCopy},
		{"FAT16", 54, "FAT16   ", fixCopy},
		{"ISO 9660", 0x8001, "CD001", fixCopy},
		{"a LUKS container", 0, "LUKS\xba\xbe", fixOpen},
		{"an LVM volume", 512, "LABELONE", fixVolume},
	}
}

type rootKind struct {
	name   string
	offset int64
	magic  string
	fix    string
}

// rootType names a file system, "" where its magic is none that is known.
func rootType(r io.ReaderAt) string {
	for _, k := range rootTypes() {
		if hasAt(r, k.offset, k.magic) {
			return k.name
		}
	}
	return ""
}

// refuse says what to do about a file system that is not read.
func refuse(kind string) error {
	bad := badinput.New("root file system").Got("nothing that is known").Want("ext2, ext3, ext4 or squashfs").
		Fix("is this the image of a Chromebook?")
	for _, k := range rootTypes() {
		if k.name == kind {
			return bad.Got("%s", kind).Fix("%s", k.fix)
		}
	}
	return bad
}

// refusePacked names a compression that the image as a whole is in. (A zip is
// unpacked before.)
func refusePacked(r io.ReaderAt) error {
	head := make([]byte, compress.HeadSize)
	// A failing read shows no compression: who reads next says why.
	n, _ := r.ReadAt(head, 0)
	if f := compress.Detect(head[:n]); f != compress.None {
		return badinput.New("image").At(0).Got("%s data", f).Want("a disk image, or a zip holding one").Fix("unpack it first")
	}
	return nil
}

func hasAt(r io.ReaderAt, offset int64, magic string) bool {
	buf := make([]byte, len(magic))
	// A failing read counts as no magic: the reader that comes next says why.
	_, _ = r.ReadAt(buf, offset)
	return bytes.Equal(buf, []byte(magic))
}
