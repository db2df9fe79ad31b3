// Package mkext4 makes ext2 and ext4 file systems of a tree, on nothing but an
// io.WriterAt: no mount, no root, no temporary file.
//
// Writing is planned first, so that what does not fit is known before the
// first byte is written, and the same tree and options give the same bytes:
//
//	opt := mkext4.Options{Kind: mkext4.Ext4, Label: "root", UUID: id, Time: when}
//	inodes, err := mkext4.NewInodeSet(t, opt)
//	least, err := inodes.Least()
//	plan, err := inodes.Plan((least + least/5) &^ 4095)
//	err = plan.Write(file) // a fresh sparse file, or an io.OffsetWriter in one
//
// A tree becomes an InodeSet, where each entry is measured. Placed in a geometry
// of groups it is a layout, with blocks for everything; the one that was chosen
// is a Plan. The structures are in package ondisk; package ext4 reads what was
// written.
package mkext4
