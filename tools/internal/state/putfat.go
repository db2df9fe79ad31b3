package state

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/fat"
	"shimboot/tools/internal/mtools"
)

// putFAT has mtools put the file into a copy of the file system.
func (v *Volume) putFAT(ctx context.Context, disk io.WriterAt, scratch, file, name string) (err error) {
	dir, err := os.MkdirTemp(scratch, "shimboot-state-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	f, err := os.Create(filepath.Join(dir, "STATE"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := io.Copy(f, io.NewSectionReader(v.section, 0, v.section.Size())); err != nil {
		return err
	}
	if err := v.room(file, name); err != nil {
		return err
	}
	m := &mtools.Volume{Image: f.Name()}
	if err := makeParents(ctx, m, v.fat, name); err != nil {
		return err
	}
	if err := m.Put(ctx, file, name); err != nil {
		return err
	}
	// What was asked for is there, before the image sees any of it.
	if err := isThere(f, v.section.Size(), file, name); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return copyBack(disk, v.partition.Start, v.section, f)
}

// room refuses a file that is too large, in better words than mcopy's.
func (v *Volume) room(file, name string) error {
	info, err := statRegular(file)
	if err != nil {
		return err
	}
	free := v.fat.Free()
	if old, err := v.fat.ReadFile(name); err == nil {
		free += int64(len(old))
	}
	if info.Size() > free {
		return badinput.New("%s", file).Got("%d bytes", info.Size()).Want("at most %d, what is free on STATE", free)
	}
	return nil
}

// makeParents makes the directories on the way to name.
func makeParents(ctx context.Context, m *mtools.Volume, fsys *fat.FS, name string) error {
	list, err := fsys.List()
	if err != nil {
		return err
	}
	have := map[string]bool{".": true}
	for _, f := range list {
		have[strings.ToUpper(f.Path)] = f.Dir
	}
	var make func(dir string) error
	make = func(dir string) error {
		if have[strings.ToUpper(dir)] {
			return nil
		}
		if err := make(path.Dir(dir)); err != nil {
			return err
		}
		return m.Mkdir(ctx, dir)
	}
	return make(path.Dir(name))
}

func isThere(f io.ReaderAt, size int64, file, name string) error {
	fsys, err := fat.Open(f, size)
	if err != nil {
		return err
	}
	got, err := fsys.ReadFile(name)
	if err != nil {
		return err
	}
	want, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		return errors.New("mcopy: " + name + " is not what was put there; nothing was changed")
	}
	return nil
}

// copyBack writes the blocks that changed, from the last to the first: the
// tables, which make the difference, come after what they tell of.
func copyBack(disk io.WriterAt, start int64, old *io.SectionReader, changed io.ReaderAt) error {
	const block = 4096
	size := old.Size()
	a, b := make([]byte, block), make([]byte, block)
	for off := (size - 1) / block * block; off >= 0; off -= block {
		n := min(block, size-off)
		if _, err := old.ReadAt(a[:n], off); err != nil && err != io.EOF {
			return err
		}
		if _, err := changed.ReadAt(b[:n], off); err != nil && err != io.EOF {
			return err
		}
		if bytes.Equal(a[:n], b[:n]) {
			continue
		}
		if _, err := disk.WriteAt(b[:n], start+off); err != nil {
			return err
		}
	}
	return nil
}
