// Package ext4 reads ext2, ext3 and ext4 file systems and writes ext2 and ext4
// ones, on nothing but io.ReaderAt and io.WriterAt: no mount, no root, no
// temporary file.
//
// Reading gives an io/fs.FS:
//
//	fsys, err := ext4.Open(r, size)
//	data, err := fs.ReadFile(fsys, "etc/lsb-release")
//	info, err := fsys.Lstat("bin/ping")
//	caps, err := info.Sys().(*ext4.Inode).XAttrs()
//
// Nothing read is trusted: whatever the bytes are, the answer is content or an
// error that matches ErrFormat, with the byte offset of what is wrong.
//
// Writing is planned first, so that what does not fit is known before the
// first byte is written, and the same tree and options give the same bytes:
//
//	opt := ext4.Options{Kind: ext4.Ext4, Label: "root", UUID: id, Time: when}
//	least, err := ext4.ContentSize(t, opt)
//	opt.Size = (least + least/5) &^ 4095
//	p, err := ext4.NewPlan(t, opt)
//	err = p.Write(file) // a fresh sparse file, or an io.OffsetWriter in one
//
// The format is that of Linux: Documentation/filesystems/ext4 and
// fs/ext4/ext4.h, and of e2fsprogs: lib/ext2fs. All numbers on disk are
// little-endian, but for the journal's, which are big-endian.
package ext4
