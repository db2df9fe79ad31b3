package state

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/fat"
)

// putFAT has mtools put the file into a copy of the file system, and makes the
// disk's that one: a cut of the power leaves the name with what it had or with
// what it gets.
func (v *Volume) putFAT(ctx context.Context, disk Disk, scratch, file, name string) (err error) {
	if err := v.room(file, name); err != nil {
		return err
	}
	tight, err := v.Tight(file, name)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(scratch, "shimboot-state-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	base := &version{r: v.section, size: v.section.Size(), fs: v.fat}
	p := &putting{ctx: ctx, dir: dir, file: file, name: name}
	defer func() { err = errors.Join(err, p.close()) }()
	versions, err := p.versions(base, tight)
	if err == nil {
		err = ctx.Err() // the last moment at which nothing is changed
	}
	if err != nil {
		return err
	}
	for _, next := range versions {
		if err := fat.Replace(shifted{disk, v.partition.Start}, base.fs, next.fs); err != nil {
			return err
		}
		base = next
	}
	return nil
}

// Tight tells whether there is no room for a file beside the one that it
// replaces: the old one is taken away first then, and a power cut in between
// leaves none.
func (v *Volume) Tight(file, name string) (bool, error) {
	if v.fat == nil {
		return v.tightExt(file, strings.TrimPrefix(name, "/"))
	}
	info, err := statRegular(file)
	if err != nil {
		return false, err
	}
	there, err := has(v.fat, strings.TrimPrefix(name, "/"))
	// The directory may need a cluster more for a second name.
	return there && v.fat.Takes(info.Size())+v.fat.Takes(1) > v.fat.Free(), err
}

// has tells whether there is a file of that name.
func has(fsys *fat.FS, name string) (bool, error) {
	_, _, err := fsys.Content(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// shifted is a part of a disk, to its end.
type shifted struct {
	Disk
	start int64
}

func (s shifted) WriteAt(p []byte, off int64) (int, error) { return s.Disk.WriteAt(p, s.start+off) }

// room refuses a file that is too large, in better words than mcopy's.
func (v *Volume) room(file, name string) error {
	info, err := statRegular(file)
	if err != nil {
		return err
	}
	free := v.fat.Free()
	if old, err := v.fat.ReadFile(name); err == nil {
		free += v.fat.Takes(int64(len(old)))
	}
	if v.fat.Takes(info.Size()) > free {
		return badinput.New("%s", file).Got("%d bytes", info.Size()).Want("at most %d, what is free on STATE", free)
	}
	return nil
}
