package harvest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/diskimage"
	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/gptdisk"
)

// Root is the root file system in an image.
type Root struct {
	FS   *ext4.FS
	Name string // for messages: file and partition
	img  *diskimage.Image
}

// Close frees the image.
func (r *Root) Close() error { return r.img.Close() }

// OpenRoot opens the ROOT-A of a disk image, raw or in a zip, or an image of
// nothing but a file system.
func OpenRoot(ctx context.Context, path string, o diskimage.Options) (*Root, error) {
	img, err := diskimage.Open(ctx, path, o)
	if err != nil {
		return nil, err
	}
	r := &Root{Name: img.Name(), img: img}
	if err := r.find(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", r.Name, err), img.Close())
	}
	return r, nil
}

// find picks the root of the kernel that firmware boots.
func (r *Root) find() error {
	if !isDisk(r.img) && rootType(r.img) != "" {
		return r.open(r.img, r.img.Size())
	}
	table, err := gptdisk.Read(r.img, r.img.Size())
	if err != nil {
		return err
	}
	kernel, err := table.Kernel()
	if err != nil {
		return err
	}
	part, err := table.RootOf(kernel)
	if err != nil {
		return err
	}
	r.Name += fmt.Sprintf(", partition %d (%s)", part.Number, part.Name)
	return r.open(io.NewSectionReader(r.img, part.Start, part.Size), part.Size)
}

func (r *Root) open(src io.ReaderAt, size int64) error {
	if kind := rootType(src); kind != extType {
		if kind == "" {
			kind = "nothing that is known"
		}
		return badinput.New("root file system").Got("%s", kind).Want("ext2, ext3 or ext4").
			Fix("this version reads no other; give an older recovery image, or none")
	}
	var err error
	r.FS, err = ext4.Open(src, size)
	return err
}

// isDisk looks for the partition table's signature.
func isDisk(r io.ReaderAt) bool { return hasAt(r, gptdisk.SectorSize, "EFI PART") }

const extType = "ext"

// rootType names the file system by its magic, "" where it is none of those
// that ChromeOS roots have had.
func rootType(r io.ReaderAt) string {
	switch {
	case hasAt(r, 1080, "\x53\xef"):
		return extType
	case hasAt(r, 0, "hsqs"):
		return "squashfs"
	case hasAt(r, 1024, "\xe2\xe1\xf5\xe0"):
		return "erofs"
	case hasAt(r, 0x10040, "_BHRfS_M"):
		return "btrfs"
	}
	return ""
}

func hasAt(r io.ReaderAt, offset int64, magic string) bool {
	buf := make([]byte, len(magic))
	// A failing read counts as no magic: the reader that comes next says why.
	_, _ = r.ReadAt(buf, offset)
	return bytes.Equal(buf, []byte(magic))
}
