package harvest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"shimboot/tools/internal/diskimage"
	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/rootfs"
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
	if !gpt.Is(r.img) && rootfs.Known(r.img) {
		return r.open(0, r.img.Size())
	}
	table, err := gpt.Read(r.img, r.img.Size())
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
	root, err := rootfs.Open(io.NewSectionReader(r.img, start, size), size)
	if err != nil {
		return err
	}
	r.FS, r.Unclean = root.FS, root.Unclean
	r.About = fmt.Sprintf("%d bytes at byte %d: %s", size, start, root.About)
	return nil
}
