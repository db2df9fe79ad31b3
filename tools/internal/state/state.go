// Package state reads and writes the STATE partition of an image or a stick,
// where shimboot keeps what its owner may change: a FAT or, on boards whose
// kernel has none, an ext2 or ext4.
//
//	v, err := state.Open(img, table)
//	files, err := v.List()
//	data, err := v.Get("dev_image/etc/lsb-factory")
//	err = v.Put(ctx, disk, scratch, "wifi.json", "wifi-credentials.json")
package state

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/fat"
	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/listing"
	"shimboot/tools/internal/rootfs"
)

// Volume is the file system of a STATE partition.
type Volume struct {
	partition *gpt.Partition
	section   *io.SectionReader
	fat       *fat.FS
	ext       *ext4.FS // where fat is nil
}

// File is a file or a directory on STATE.
type File struct {
	Path    string    `json:"path"`
	Dir     bool      `json:"directory,omitempty"`
	Size    int64     `json:"size"`
	ModTime time.Time `json:"modified"`
}

// NotFoundError is a name that STATE has no file of.
type NotFoundError struct{ Err *badinput.Error }

func (e *NotFoundError) Error() string { return e.Err.Error() }

// Unwrap gives the error that blames the input.
func (e *NotFoundError) Unwrap() error { return e.Err }

// Disk is what Put writes to.
type Disk interface {
	io.WriterAt
	Sync() error
}

// Open finds STATE in an image.
func Open(img io.ReaderAt, t *gpt.Table) (*Volume, error) {
	found := t.Label("STATE")
	if len(found) != 1 {
		return nil, badinput.New("STATE").Got("%d partitions of that name among %q", len(found), t.String()).Want("one")
	}
	v := &Volume{partition: found[0], section: io.NewSectionReader(img, found[0].Start, found[0].Size)}
	holds, err := rootfs.Probe(v.section, v.section.Size())
	if err != nil {
		return nil, fmt.Errorf("STATE: %w", err)
	}
	switch {
	case holds == nil:
		return nil, badinput.New("STATE").Got("nothing that is known").Want("a FAT, ext2 or ext4")
	case holds.FAT != nil:
		v.fat = holds.FAT
		return v, nil
	case holds.Root != nil:
		if v.ext, _ = holds.Root.FS.(*ext4.FS); v.ext != nil {
			return v, nil
		}
	}
	return nil, badinput.New("STATE").Got("%s", holds.Kind).Want("a FAT, ext2 or ext4")
}

// List gives all files and directories.
func (v *Volume) List() ([]File, error) {
	var out []File
	if v.fat != nil {
		list, err := v.fat.List()
		for _, f := range list {
			out = append(out, File{f.Path, f.Dir, f.Size, f.ModTime})
		}
		return out, err
	}
	err := listing.Walk(v.ext, func(name string, d fs.DirEntry) error {
		info, err := d.Info()
		if err != nil {
			return err
		}
		f := File{Path: name, Dir: d.IsDir(), ModTime: info.ModTime().UTC()}
		if !f.Dir {
			f.Size = info.Size()
		}
		out = append(out, f)
		return nil
	})
	return out, err
}

// Get reads a file; where there is none, the error is a *NotFoundError.
func (v *Volume) Get(name string) ([]byte, error) {
	name = path.Clean(strings.TrimPrefix(name, "/"))
	var b []byte
	var err error
	if v.fat != nil {
		b, err = v.fat.ReadFile(name)
	} else {
		b, err = v.ext.ReadFile(name)
	}
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return nil, &NotFoundError{badinput.New("STATE").Got("no file %q", name).Want("one of that name")}
	}
	return b, err
}

// Put copies a file to name; a file of that name is replaced, and directories
// are made. Disk is the image, to be written to. The file system is changed
// beside it, so that whatever fails or interrupts before it is copied back
// changes nothing. A power cut while it is copied back leaves the file as it was
// or as it shall be (but see Tight), and all others as they were.
func (v *Volume) Put(ctx context.Context, disk Disk, scratch, file, name string) error {
	name = strings.TrimPrefix(name, "/")
	if !fs.ValidPath(name) || name == "." {
		return badinput.New("name").Got("%q", name).Want("a path inside the partition")
	}
	if v.ext != nil {
		return v.putExt(ctx, disk, file, name)
	}
	for part := range strings.SplitSeq(name, "/") {
		if err := fat.CheckName(part); err != nil {
			return err
		}
	}
	return v.putFAT(ctx, disk, scratch, file, name)
}

// statRegular looks at the file to put, which has to be one.
func statRegular(file string) (fs.FileInfo, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, badinput.New("%s", file).Got("no regular file").Want("one")
	}
	return info, nil
}
