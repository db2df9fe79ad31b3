package blockdev

import (
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
	case d.System() != nil:
		return bad.Got("the disk of the running system: %s is %s", d.System().On, d.System().As).Want("another disk")
	case len(d.Uses) > 0:
		return bad.Got("%s in use as %s", d.Uses[0].On, d.Uses[0].As).Want("a disk that is not in use").
			Fix("if it is the right one: umount %s", d.Uses[0].As)
	case !d.Removable && again != d.Name && again != d.Path():
		return &BuiltInError{d.Name, bad.Got("a disk that is built in (%s)", orNone(d.Model)).Want("a stick or a card")}
	}
	return nil
}

func orNone(s string) string {
	if s == "" {
		return "of no model name"
	}
	return s
}
