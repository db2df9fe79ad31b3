package harvest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"shimboot/tools/internal/diskimage"
	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/gptdisk"
	"shimboot/tools/internal/harvest/squashfs"
)

// Root is the root file system in an image.
type Root struct {
	FS      fs.ReadLinkFS
	Name    string // for messages: file and partition
	About   string // where in the image it is, and what kind of file system, for people
	Unclean bool   // its journal was not replayed; what was written last may be missing
	img     *diskimage.Image
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
		return r.open(0, r.img.Size())
	}
	if err := refusePacked(r.img); err != nil {
		return err
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
	return r.open(part.Start, part.Size)
}

func (r *Root) open(start, size int64) error {
	src := io.NewSectionReader(r.img, start, size)
	r.About = fmt.Sprintf("%d bytes at byte %d: ", size, start)
	switch kind := rootType(src); kind {
	case extType:
		fsys, err := ext4.Open(src, size)
		if err != nil {
			return err
		}
		r.FS, r.Unclean = fsys, fsys.NeedsRecovery()
		r.About += fmt.Sprintf("%d blocks of %d bytes, features %v", fsys.Blocks(), fsys.BlockSize(), fsys.Features())
	case squashType:
		fsys, err := squashfs.Open(src, size)
		if err != nil {
			return err
		}
		r.FS = fsys
		r.About += fsys.About()
	default:
		return refuse(kind)
	}
	return nil
}

// isDisk looks for the partition table's signature.
func isDisk(r io.ReaderAt) bool { return hasAt(r, gptdisk.SectorSize, "EFI PART") }
