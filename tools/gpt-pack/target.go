package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/blockdev"
	"shimboot/tools/internal/bytesize"
	"shimboot/tools/internal/flash"
	"shimboot/tools/internal/image"
	"shimboot/tools/internal/terminal"
)

// target is a disk, or a file in place of one, that may be overwritten.
type target struct {
	*blockdev.Disk
	path  string
	model string
	file  bool

	private bool // what is written to it is not for everyone to read
}

// String says what it is, for people.
func (t *target) String() string {
	return fmt.Sprintf("%s (%s, %s)", terminal.Printable(t.path), t.model, bytesize.Format(t.Size()))
}

// openTarget opens what is safe to overwrite.
func openTarget(src, path, again string) (*target, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w; gpt-pack flash IMAGE lists the sticks there are", err)
	}
	if err != nil {
		return nil, err
	}
	if err := checkApart(src, path); err != nil {
		return nil, err
	}
	t := &target{path: path, model: "a file", file: info.Mode().Type() != fs.ModeDevice}
	if t.file {
		err = checkFile(path, info, again)
	} else {
		t.model, err = checkDevice(path, again)
	}
	if err != nil {
		return nil, err
	}
	if t.private, err = image.Closed(src); err != nil {
		return nil, err
	}
	t.Disk, err = blockdev.Open(path)
	return t, err
}

// checkApart wants no image that changes while it is written. (That there is none
// is said where it is opened.)
func checkApart(src, path string) error {
	same, err := blockdev.Linux().Overlap(src, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && same {
		return badinput.New("%s", path).Got("the image itself").Want("a disk to write it to")
	}
	return err
}

// takeFromOthers makes a file as private as the image src is that goes there.
func (t *target) takeFromOthers(warn io.Writer, src string) error {
	if !t.private {
		return nil
	}
	changed, err := t.MakePrivate()
	if changed {
		fmt.Fprintf(warn, "gpt-pack: %s is for its owner alone to read now, as not everyone may read %s\n", terminal.Printable(t.path), terminal.Printable(src))
	}
	return err
}

// checkDevice gives the disk's model.
func checkDevice(path, again string) (string, error) {
	dev, err := blockdev.Linux().Device(path)
	if err != nil {
		return "", err
	}
	var builtIn *blockdev.BuiltInError
	if err := dev.Check(again); errors.As(err, &builtIn) {
		return "", fmt.Errorf("%w; if it is the right one, type its name again: --force %s", err, builtIn.Name)
	} else if err != nil {
		return "", err
	}
	return cmp.Or(terminal.Printable(dev.Model), "a disk of no model name"), nil
}

// checkFile takes a file for a disk if it was one or has nothing in it: a wrong
// name may be that of anything a user has.
func checkFile(path string, info fs.FileInfo, again string) error {
	if !info.Mode().IsRegular() {
		return nil // which blockdev.Open refuses
	}
	if err := blockdev.Linux().Free(path); err != nil {
		return err
	}
	if again == path || again == filepath.Base(path) {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	disk, err := flash.MayBeDisk(f, info.Size())
	if err := errors.Join(err, f.Close()); err != nil || disk {
		return err
	}
	return badinput.New("%s", path).Got("a file that is no disk image").Want("one with a partition table, or of nothing but zeros").
		Fix("if what is in it may go, type its name again: --force %s", filepath.Base(path))
}
