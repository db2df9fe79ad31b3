// Package flash writes a disk image to a disk: only what is in it, and reads
// all of it back.
//
//	src, err := flash.Open(ctx, "shimboot.img.zst")
//	err = flash.Check(ctx, "shimboot.img.zst", nil)
//	err = src.OwnGUIDs(rand.Reader)
//	result, err := flash.Write(ctx, src, disk, flash.Progress{})
//
// A block of zeros in the image is written as one, with one exception: where a
// file system of the image says that a block is free, the disk keeps what it
// had. MustZero has the rule. So the time depends on the data and the file
// systems' own tables, not on the image's size.
//
// The disk's old partition tables go first and the new ones come last, fitted
// to the disk's size, after everything else was read back. A disk that was not
// finished has no table: neither firmware nor Linux takes it for anything.
//
// Check reads an image that is not raw before that, which Write does not: that
// it is damaged would show when the disk has lost what it had.
package flash
