package blockdev

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"shimboot/tools/internal/badinput"
)

// BuiltInError is a disk that cannot be pulled out, and is taken only where its
// name is typed again.
type BuiltInError struct {
	Name string
	Err  *badinput.Error
}

func (e *BuiltInError) Error() string { return e.Err.Error() }

// Unwrap gives the error that blames the input.
func (e *BuiltInError) Unwrap() error { return e.Err }

// Check refuses a disk that should not be overwritten. One that cannot be
// pulled out is taken if its name was typed again, as sda or /dev/sda; nothing
// makes up for a disk in use.
func (d *Device) Check(again string) error {
	bad := badinput.New("%s", d.Path())
	switch {
	case d.Size == 0:
		return bad.Got("no medium in it").Want("a stick or a card")
	case d.ReadOnly:
		return bad.Got("a disk that cannot be written to").Want("one that can").
			Fix("move the card's lock switch, or take another stick")
	case d.SectorSize != 512:
		return bad.Got("sectors of %d bytes", d.SectorSize).Want("512").
			Fix("an image's partition table has sectors of 512 bytes: take another stick")
	}
	if err := d.Free(); err != nil {
		return err
	}
	if !d.Removable && again != d.Name && again != d.Path() {
		return &BuiltInError{d.Name, bad.Got("a disk that is built in (%s)", orNone(d.Model)).Want("a stick or a card")}
	}
	return nil
}

// Free refuses a disk that is in use.
func (d *Device) Free() error {
	if system := d.System(); system != nil {
		return badinput.New("%s", d.Path()).Got("the disk of the running system: %s is %s", system.On, system.As).Want("another disk")
	}
	return free(d.Path(), "a disk", d.Uses)
}

// Free refuses a disk, or a file that is one to someone, while it is in use.
func (h Host) Free(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.Mode().Type() == fs.ModeDevice:
		d, err := h.Device(path)
		if err != nil {
			return err
		}
		return d.Free()
	case !info.Mode().IsRegular():
		return nil
	}
	uses, err := h.fileUses(path)
	if err != nil {
		return err
	}
	return free(path, "a file", uses)
}

// free names the use that is to end first, and how all of them end.
func free(path, what string, uses []Use) error {
	if len(uses) == 0 {
		return nil
	}
	var release []string
	for _, u := range uses {
		if !slices.Contains(release, u.Release) {
			release = append(release, u.Release)
		}
	}
	found := fmt.Sprintf("%s in use as %s", uses[0].On, uses[0].As)
	if last := &uses[len(uses)-1]; last.On == path {
		found = "it in use as " + last.As
	}
	return badinput.New("%s", path).Got("%s", found).Want("%s that is not in use", what).
		Fix("if it is the right one: %s", strings.Join(release, "; "))
}

func orNone(s string) string {
	if s == "" {
		return "of no model name"
	}
	return s
}
