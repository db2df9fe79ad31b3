package ext4

import (
	"io"
	"io/fs"
	"path"

	"shimboot/tools/internal/listing"
)

var (
	_ fs.ReadDirFS  = (*FS)(nil)
	_ fs.ReadFileFS = (*FS)(nil)
	_ fs.StatFS     = (*FS)(nil)
	_ fs.ReadLinkFS = (*FS)(nil)
)

// Open implements fs.FS. It follows symbolic links within the file system: an
// absolute target starts at its root, ".." never leaves it. The file of a
// directory is a fs.ReadDirFile, that of anything else a File; devices, fifos
// and sockets read as empty.
func (f *FS) Open(name string) (fs.File, error) {
	s, err := f.resolve(name, true)
	if err != nil {
		return nil, pathError("open", name, err)
	}
	info := &fileInfo{path.Base(name), s.ino}
	if s.ino.fmode.IsDir() {
		return &openDir{fs: f, info: info, step: s, name: name}, nil
	}
	if !s.ino.fmode.IsRegular() {
		return newOpenFile(info, noData{}, 0), nil
	}
	d, err := s.ino.data()
	if err != nil {
		return nil, pathError("open", name, err)
	}
	return newOpenFile(info, d, s.ino.Size), nil
}

// Stat implements fs.StatFS; it follows symbolic links.
func (f *FS) Stat(name string) (fs.FileInfo, error) { return f.stat("stat", name, true) }

// Lstat implements fs.ReadLinkFS: it describes a symbolic link itself.
func (f *FS) Lstat(name string) (fs.FileInfo, error) { return f.stat("lstat", name, false) }

func (f *FS) stat(op, name string, follow bool) (fs.FileInfo, error) {
	s, err := f.resolve(name, follow)
	if err != nil {
		return nil, pathError(op, name, err)
	}
	return &fileInfo{path.Base(name), s.ino}, nil
}

// ReadLink implements fs.ReadLinkFS; the target is as it is stored.
func (f *FS) ReadLink(name string) (string, error) {
	s, err := f.resolve(name, false)
	if err != nil {
		return "", pathError("readlink", name, err)
	}
	if s.ino.fmode&fs.ModeSymlink == 0 {
		return "", pathError("readlink", name, errNotLink)
	}
	target, err := s.ino.target()
	return target, pathError("readlink", name, err)
}

// ReadDir implements fs.ReadDirFS; the entries are sorted by name.
func (f *FS) ReadDir(name string) ([]fs.DirEntry, error) {
	s, err := f.resolve(name, true)
	if err != nil {
		return nil, pathError("readdir", name, err)
	}
	entries, err := f.dirEntries(s, name)
	return entries, pathError("readdir", name, err)
}

// dirEntries lists a directory, which was reached as name. Entries whose paths
// nobody could open are an error: who walks down would make ever longer ones.
func (f *FS) dirEntries(s step, name string) ([]fs.DirEntry, error) {
	if !s.ino.fmode.IsDir() {
		return nil, errNotDir
	}
	d, err := f.directory(s.ino, s.parent)
	if err != nil {
		return nil, err
	}
	out := make([]fs.DirEntry, len(d.entries))
	for k := range d.entries {
		if _, err := listing.Join(name, d.entries[k].name); err != nil {
			return nil, badf(d.entries[k].at, "directory entry", err, "a shorter path")
		}
		out[k] = &dirEntry{f, d.entries[k]}
	}
	return out, nil
}

// ReadFile implements fs.ReadFileFS, for files of at most 256 MiB.
func (f *FS) ReadFile(name string) ([]byte, error) {
	file, err := f.Open(name)
	if err != nil {
		return nil, err
	}
	of, ok := file.(*openFile)
	if !ok {
		return nil, pathError("read", name, errIsDir)
	}
	if of.Size() > maxReadFile {
		return nil, pathError("read", name, errTooLarge)
	}
	b := make([]byte, of.Size())
	if _, err := io.ReadFull(of, b); err != nil {
		return nil, pathError("read", name, err)
	}
	return b, nil
}

// pathError names the path in an error and passes nil on.
func pathError(op, name string, err error) error {
	if err == nil {
		return nil
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}
