package state

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/ext4/revision"
)

// maxExtState bounds an ext STATE that is changed in memory, in bytes. An
// image's is of one MiB; a Chromebook's own disk has one of all the rest.
const maxExtState = 64 << 20

// putExt makes a revision of the file system that has the file.
func (v *Volume) putExt(ctx context.Context, disk Disk, file, name string) error {
	content, info, err := readRegular(file)
	if err != nil {
		return err
	}
	if old, err := v.ext.ReadFile(name); err == nil && bytes.Equal(old, content) {
		return nil
	}
	revisions, err := v.revisions(name, content, info.ModTime())
	if err == nil {
		err = ctx.Err() // the last moment at which nothing is changed
	}
	if err != nil {
		return err
	}
	for _, r := range revisions {
		if err := r.Write(shifted{disk, v.partition.Start}); err != nil {
			return err
		}
	}
	return nil
}

// revisions are those that the disk has to have one after the other: one, or
// where it is tight first one in which the file is empty.
func (v *Volume) revisions(name string, content []byte, when time.Time) ([]*revision.Revision, error) {
	if size := v.section.Size(); size > maxExtState {
		return nil, badinput.New("STATE").Got("an ext file system of %d bytes", size).Want("at most %d", maxExtState).
			Fix("mount it, and copy the file")
	}
	old := make([]byte, v.section.Size())
	if _, err := v.section.ReadAt(old, 0); err != nil && err != io.EOF {
		return nil, err
	}
	var list []*revision.Revision
	last, err := revision.Put(old, name, content, when)
	var full *revision.NoRoomError
	if _, there := v.ext.Lstat(name); errors.As(err, &full) && there == nil {
		empty, err2 := revision.Put(old, name, nil, when)
		if err2 != nil {
			return nil, noRoom(len(content), err2)
		}
		list = append(list, empty)
		last, err = revision.Put(empty.Next, name, content, when)
	}
	if err != nil {
		return nil, noRoom(len(content), err)
	}
	return append(list, last), hasFile(last.Next, name, content)
}

// tightExt is Tight for an ext file system. What Put refuses is not tight.
func (v *Volume) tightExt(file, name string) (bool, error) {
	content, info, err := readRegular(file)
	if err != nil {
		return false, err
	}
	list, err := v.revisions(name, content, info.ModTime())
	return err == nil && len(list) > 1, nil
}

// noRoom says of a file what is too large, where that is the error.
func noRoom(size int, err error) error {
	var full *revision.NoRoomError
	if !errors.As(err, &full) {
		return err
	}
	return badinput.New("STATE").Got("no room for %d bytes beside what is on it, and a second list of its files", size).
		Want("a smaller file, as %d bytes are free", full.Free).Fix("or mount it, and take something away")
}

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
