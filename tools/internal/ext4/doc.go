// Package ext4 reads ext2, ext3 and ext4 file systems, on nothing but
// io.ReaderAt: no mount, no root, no temporary file. It gives an io/fs.FS:
//
//	fsys, err := ext4.Open(r, size)
//	data, err := fs.ReadFile(fsys, "etc/lsb-release")
//	info, err := fsys.Lstat("bin/ping")
//	caps, err := info.Sys().(*ext4.Inode).XAttrs()
//
// Nothing read is trusted: whatever the bytes are, the answer is content or an
// error that matches ErrFormat, with the byte offset of what is wrong. Where the
// feature metadata_csum is on, what does not fit its checksum is such an error.
// Errors of the reader underneath are passed on, with the offset. An FS may be
// used by many goroutines; it keeps 1 MiB of blocks and 262144 names at most.
//
// Limits:
//   - blocks of 1, 2 and 4 KiB; what else may lie behind the file system, such
//     as a verity tree, is left alone;
//   - the journal is not replayed: see FS.NeedsRecovery. A journal of its own
//     device, compression and dirdata are refused by name;
//   - encrypted files and directories are refused one by one. Files with fs-verity
//     read as they are, unverified. Names are compared byte for byte, also in
//     directories that fold case;
//   - a directory has at most 64 MiB and 524288 names, an attribute 64 KiB, a
//     path 40 symbolic links; ReadFile gives at most 256 MiB.
//
// The structures are in package ondisk; package mkext4 writes file systems.
package ext4
