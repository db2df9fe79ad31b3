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

// Image is an opened image, with the root file system in it.
type Image struct {
	FS      fs.ReadLinkFS
	Name    string // for messages: file and partition
	About   string // where in the image it is, and what kind of file system, for people
	Unclean bool   // its journal was not replayed; what was written last may be missing
	file    *diskimage.Image
}

// Close frees the image.
func (i *Image) Close() error { return i.file.Close() }

// OpenImage opens the ROOT-A of a disk image, raw or in a zip, or an image of
// nothing but a file system.
func OpenImage(ctx context.Context, path string, o diskimage.Options) (*Image, error) {
	img, err := diskimage.Open(ctx, path, o)
	if err != nil {
		return nil, err
	}
	i := &Image{Name: img.Name(), file: img}
	if err := i.find(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", i.Name, err), img.Close())
	}
	return i, nil
}

// find picks the root of the kernel that firmware boots.
func (i *Image) find() error {
	if !gpt.Is(i.file) && rootfs.Recognised(i.file) {
		return i.open(0, i.file.Size())
	}
	table, err := gpt.Read(i.file, i.file.Size())
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
	i.Name += fmt.Sprintf(", partition %d (%s)", part.Number, part.Name)
	return i.open(part.Start, part.Size)
}

func (i *Image) open(start, size int64) error {
	root, err := rootfs.Open(io.NewSectionReader(i.file, start, size), size)
	if err != nil {
		return err
	}
	i.FS, i.Unclean = root.FS, root.Unclean
	i.About = fmt.Sprintf("%d bytes at byte %d: %s", size, start, root.About)
	return nil
}
