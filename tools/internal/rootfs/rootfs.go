// Package rootfs says what a partition holds, and opens the root file systems
// among that: ext2, ext3, ext4 and squashfs.
//
//	content, err := rootfs.Probe(partition, size) // whatever it is
//	root, err := rootfs.Open(partition, size)     // a root, or why it is none
//	text, err := fs.ReadFile(root.FS, "etc/lsb-release")
//
// A new kind is a package that reads it and a row in kinds.go.
package rootfs

import (
	"fmt"
	"io"
	"io/fs"
	"slices"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/fat"
	"shimboot/tools/internal/squashfs"
	"shimboot/tools/internal/vboot"
)

// Content is what a partition holds.
type Content struct {
	Kind  string // as blkid has it, such as "ext4" or "vfat"; or "kernel"
	Label string

	// Known is set where the kind is one that is read, and with it how many
	// bytes there are and how many of them are free.
	Known      bool
	Size, Free int64

	Root *Root   // where it can be a root
	FAT  *fat.FS // where it is one
}

// Root is a root file system.
type Root struct {
	FS      fs.ReadLinkFS
	About   string // how it was made, for people
	Unclean bool   // its journal was not replayed; what was written last may be missing
}

// Probe says what the size bytes of r hold, nil where that is nothing known. An
// error is of what is known by its magic and damaged.
func Probe(r io.ReaderAt, size int64) (*Content, error) {
	c, _, err := probe(r, size)
	return c, err
}

// Open opens a root file system of size bytes.
func Open(r io.ReaderAt, size int64) (*Root, error) {
	c, k, err := probe(r, size)
	switch {
	case c != nil && c.Root != nil:
		return c.Root, nil
	case k == nil && err == nil:
		return nil, badinput.New("root file system").Got("nothing that is known").Want("ext2, ext3, ext4 or squashfs").
			Fix("is this the image of a Chromebook?")
	case k != nil && k.fix != "":
		return nil, badinput.New("root file system").Got("%s", k.called).Want("ext2, ext3, ext4 or squashfs").Fix("%s", k.fix)
	}
	return nil, err
}

// Recognised tells by its magic whether r holds something that Open opens, or
// refuses by name.
func Recognised(r io.ReaderAt) bool {
	found, _ := matching(r)
	return slices.ContainsFunc(found, func(k kind) bool { return !k.vague })
}

// probe takes the first kind that opens: a magic may be there by chance, or left
// behind by what the partition held before. Where none opens, it is what was
// found first.
func probe(r io.ReaderAt, size int64) (c *Content, k *kind, err error) {
	found, err := matching(r)
	if len(found) == 0 {
		return nil, nil, err
	}
	err = nil
	for _, candidate := range found {
		if candidate.open == nil {
			if k == nil {
				k, c = &candidate, &Content{Kind: candidate.name}
			}
			continue
		}
		opened, failed := candidate.open(r, size)
		if failed == nil {
			return opened, &candidate, nil
		}
		if k == nil && !candidate.vague {
			k, err = &candidate, failed
		}
	}
	return c, k, err
}

func openExt(r io.ReaderAt, size int64) (*Content, error) {
	fsys, err := ext4.Open(r, size)
	if err != nil {
		return nil, err
	}
	bs := fsys.BlockSize()
	return &Content{
		Kind: fsys.Type(), Label: fsys.Label(),
		Known: true, Size: int64(fsys.Blocks()) * bs, Free: int64(fsys.FreeBlocks()) * bs,
		Root: &Root{
			FS: fsys, Unclean: fsys.NeedsRecovery(),
			About: fmt.Sprintf("%d blocks of %d bytes, features %v", fsys.Blocks(), bs, fsys.Features()),
		},
	}, nil
}

func openSquashfs(r io.ReaderAt, size int64) (*Content, error) {
	fsys, err := squashfs.Open(r, size)
	if err != nil {
		return nil, err
	}
	return &Content{
		Kind: "squashfs", Known: true, Size: size, Free: size - fsys.Size(),
		Root: &Root{FS: fsys, About: fsys.About()},
	}, nil
}

func openFAT(r io.ReaderAt, size int64) (*Content, error) {
	fsys, err := fat.Open(r, size)
	if err != nil {
		return nil, err
	}
	return &Content{Kind: "vfat", Label: fsys.Label(), Known: true, Size: fsys.Size(), Free: fsys.Free(), FAT: fsys}, nil
}

func openKernel(r io.ReaderAt, size int64) (*Content, error) {
	blob, err := vboot.Parse(r, size)
	if err != nil {
		return nil, err
	}
	return &Content{Kind: "kernel", Known: true, Size: size, Free: size - blob.Size()}, nil
}
