package state

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/mkext4"
	"shimboot/tools/internal/tree"
)

// maxExtState bounds an ext STATE that is made anew in memory, in bytes. An
// image's is of one MiB; a Chromebook's own disk has one of all the rest.
const maxExtState = 64 << 20

// putExt makes the file system anew, with the files it has and the one to put.
func (v *Volume) putExt(ctx context.Context, disk Disk, file, name string) error {
	if err := v.canRemake(name); err != nil {
		return err
	}
	content, info, err := readRegular(file)
	if err != nil {
		return err
	}
	t := tree.NewPacked()
	if err := addExt(t, v.ext); err != nil {
		return fmt.Errorf("STATE: %w", err)
	}
	err = t.Add(&tree.Entry{
		Path: name, Mode: 0o644, ModTime: info.ModTime(), Size: int64(len(content)),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil },
	})
	if err != nil {
		return err
	}
	kind := mkext4.Ext2
	if v.ext.Type() == "ext4" {
		kind = mkext4.Ext4
	}
	made, err := makeExt(t, mkext4.Options{Kind: kind, Label: v.ext.Label(), UUID: v.ext.UUID(), Time: info.ModTime()}, v.section.Size())
	if err != nil {
		return err
	}
	if err := hasFile(made, name, content); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return copyBack(disk, v.partition.Start, v.section, bytes.NewReader(made))
}

// canRemake refuses what would lose something.
func (v *Volume) canRemake(name string) error {
	if size := v.section.Size(); size > maxExtState {
		return badinput.New("STATE").Got("an ext file system of %d bytes", size).Want("at most %d", maxExtState).
			Fix("mount it, and copy the file")
	}
	if v.ext.NeedsRecovery() {
		return badinput.New("STATE").Got("a journal that was not replayed").Want("an ext file system that was unmounted").
			Fix("mount it once, or let e2fsck do it")
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if info, err := v.ext.Lstat(dir); err == nil && !info.IsDir() {
			return badinput.New("STATE").Got("%s, which is no directory", dir).Want("one to put %s into", path.Base(name))
		}
	}
	if info, err := v.ext.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return badinput.New("STATE").Got("%s, which is no file", name).Want("a file to replace, or a name that is free")
	}
	return nil
}

// addExt lays all that a file system has over a tree.
func addExt(t *tree.Packed, fsys *ext4.FS) error {
	first := map[uint32]string{} // names, by inode
	return fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name == "lost+found" { // every file system is made with one
			return fs.SkipDir
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		e, err := entryOf(fsys, name, info)
		if err != nil {
			return err
		}
		if ino := info.Sys().(*ext4.Inode).Ino; !info.IsDir() {
			if e.Link = first[ino]; e.Link == "" {
				first[ino] = name
			}
		}
		return t.Add(e)
	})
}

func entryOf(fsys *ext4.FS, name string, info fs.FileInfo) (e *tree.Entry, err error) {
	i := info.Sys().(*ext4.Inode)
	e = &tree.Entry{
		Path: name, Mode: info.Mode(), UID: i.UID, GID: i.GID, Major: i.Major, Minor: i.Minor, ModTime: info.ModTime(),
	}
	if e.XAttrs, err = i.XAttrs(); err != nil {
		return nil, err
	}
	switch {
	case e.Mode.IsRegular():
		e.Size = info.Size()
		e.Open = func() (io.ReadCloser, error) { return fsys.Open(name) }
	case e.Mode&fs.ModeSymlink != 0:
		e.Target, err = fsys.ReadLink(name)
	}
	return e, err
}

// makeExt makes a file system in memory.
func makeExt(t *tree.Packed, o mkext4.Options, size int64) ([]byte, error) {
	inodes, err := mkext4.NewInodeSet(t, o)
	if err != nil {
		return nil, badinput.New("STATE").Got("%v", err)
	}
	plan, err := inodes.Plan(size &^ 4095)
	if err != nil {
		return nil, badinput.New("STATE").Got("%v", err)
	}
	made := make(memory, size)
	return made, plan.Write(made)
}

// memory is a disk.
type memory []byte

func (m memory) WriteAt(p []byte, off int64) (int, error) { return copy(m[off:], p), nil }

// readRegular reads a file that is one.
func readRegular(file string) ([]byte, fs.FileInfo, error) {
	info, err := statRegular(file)
	if err != nil {
		return nil, nil, err
	}
	if info.Size() > maxExtState {
		return nil, nil, badinput.New("%s", file).Got("%d bytes", info.Size()).Want("a file that fits into STATE")
	}
	d, err := os.ReadFile(file)
	return d, info, err
}

// hasFile makes sure of what was made before the image sees any of it.
func hasFile(made []byte, name string, content []byte) error {
	fsys, err := ext4.Open(bytes.NewReader(made), int64(len(made)))
	if err != nil {
		return err
	}
	got, err := fsys.ReadFile(name)
	if err == nil && !bytes.Equal(got, content) {
		err = errors.New("STATE: " + name + " is not what was put there; nothing was changed")
	}
	return err
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
