// Package squashfs reads a squashfs 4.0 as an io/fs.FS:
//
//	fsys, err := squashfs.Open(partition, size)
//	target, err := fsys.ReadLink("lib/firmware/touch.fw")
//
// go-diskfs does the reading. This package stands in front of it: the
// superblock is checked before go-diskfs trusts it, panics become errors,
// an error of the medium is told from one of the image, and a directory is
// read once and not for each of its files. No link is followed.
//
// Compressions are gzip, zstd, and xz without a filter for machine code;
// lz4, lzo and lzma are refused by name. go-diskfs inflates a block before it
// looks at the size, so what a block inflates to is looked at before.
package squashfs

import (
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/diskfs/go-diskfs/filesystem/squashfs"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/listing"
)

// cacheBlocks is how many inflated blocks go-diskfs may keep. It does not ask how
// large they are: of maxClaim each, that is half a GiB.
const cacheBlocks = 16

// FS is a file system. It may be used from several goroutines.
type FS struct {
	src   *source
	inner *squashfs.FileSystem
	super superblock

	root fs.FileInfo

	mu   sync.Mutex
	dirs listing.Kept[string, []fs.DirEntry] // sorted by name

	seed   maphash.Seed
	places map[uint32]uint64 // paths of directories, by inode
}

// Open reads the tables of the file system at the start of r, which has size
// bytes.
func Open(r io.ReaderAt, size int64) (*FS, error) {
	super, err := readSuperblock(r, size)
	if err != nil {
		return nil, err
	}
	f := &FS{
		src: newSource(r, &super), super: super, dirs: listing.Kept[string, []fs.DirEntry]{Most: maxKept},
		seed: maphash.MakeSeed(), places: map[uint32]uint64{},
	}
	err = f.guard("tables", func() (err error) {
		if f.inner, err = squashfs.Read(f.src, f.src.Size(), 0, 0); err == nil {
			f.root, err = f.inner.Stat(".")
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	f.inner.SetCacheSize(cacheBlocks * int(super.BlockSize))
	return f, nil
}

// About says how the file system was made, for people.
func (f *FS) About() string {
	return fmt.Sprintf("squashfs, %s, blocks of %d bytes", compressionName(f.super.Compression), f.super.BlockSize)
}

// Size is how many bytes the file system takes.
func (f *FS) Size() int64 { return int64(f.super.BytesUsed) }

// ReadDir lists a directory, sorted by name.
func (f *FS) ReadDir(name string) ([]fs.DirEntry, error) {
	info, err := f.lookup("readdir", name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, pathError("readdir", name, errors.New("not a directory"))
	}
	list, err := f.list(name)
	return slices.Clone(list), err
}

// Lstat describes a file without following a link.
func (f *FS) Lstat(name string) (fs.FileInfo, error) { return f.lookup("lstat", name) }

// Stat is Lstat: this package follows no links.
func (f *FS) Stat(name string) (fs.FileInfo, error) { return f.lookup("stat", name) }

// ReadLink gives a symbolic link's target as it is stored.
func (f *FS) ReadLink(name string) (string, error) {
	info, err := f.lookup("readlink", name)
	if err != nil {
		return "", err
	}
	link, ok := info.(interface{ Readlink() (string, error) })
	if !ok || info.Mode().Type() != fs.ModeSymlink {
		return "", pathError("readlink", name, fs.ErrInvalid)
	}
	return link.Readlink()
}

// list reads a directory, which is there.
func (f *FS) list(dir string) ([]fs.DirEntry, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if list, ok := f.dirs.Get(dir); ok {
		return list, nil
	}
	var list []fs.DirEntry
	f.src.begin()
	err := f.guard("/"+dir, func() (err error) {
		list, err = f.inner.ReadDir(dir)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		// Others cannot be named in an fs.FS, or would lead elsewhere.
		if n := e.Name(); !fs.ValidPath(n) || n == "." || strings.ContainsAny(n, "/\x00") {
			return nil, badinput.New("squashfs: /%s", dir).Got("an entry named %q", n).Want("a file name in UTF-8")
		}
		if err := f.place(dir, e); err != nil {
			return nil, fmt.Errorf("squashfs: %w", err)
		}
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	if err := f.dirs.Put(dir, len(list), list); err != nil {
		return nil, fmt.Errorf("squashfs: %w", err)
	}
	return list, nil
}

// place notes where a directory was found, and refuses one that was found
// elsewhere: in itself, it would go on without end, and in two places double at
// each level.
func (f *FS) place(dir string, e fs.DirEntry) error {
	path, err := listing.Join(dir, e.Name())
	if err != nil || !e.IsDir() {
		return err
	}
	info, err := e.Info()
	if err != nil {
		return err
	}
	stat, ok := info.Sys().(*squashfs.StatT)
	if !ok {
		return nil
	}
	at := maphash.String(f.seed, path)
	if was, ok := f.places[stat.Inode]; ok && was != at {
		return badinput.New("/%.200s", path).Got("the directory of inode %d, which has another name", stat.Inode).Want("one name a directory")
	}
	f.places[stat.Inode] = at
	return nil
}

// maxKept bounds the names in the directories that are kept, which take a few
// hundred bytes each.
const maxKept = 32 << 10

// lookup finds a path that has no links before its last name.
func (f *FS) lookup(op, name string) (fs.FileInfo, error) {
	if !fs.ValidPath(name) || len(name) > listing.MaxPath {
		return nil, pathError(op, name, fs.ErrInvalid)
	}
	info, dir := f.root, "."
	if name == "." {
		return info, nil
	}
	for part := range strings.SplitSeq(name, "/") {
		if !info.IsDir() {
			return nil, pathError(op, name, fs.ErrNotExist)
		}
		list, err := f.list(dir)
		if err != nil {
			return nil, err
		}
		i, ok := slices.BinarySearchFunc(list, part, func(e fs.DirEntry, n string) int { return strings.Compare(e.Name(), n) })
		if !ok {
			return nil, pathError(op, name, fs.ErrNotExist)
		}
		if info, err = list[i].Info(); err != nil {
			return nil, err
		}
		dir = path.Join(dir, part)
	}
	return info, nil
}

func pathError(op, name string, err error) error { return &fs.PathError{Op: op, Path: name, Err: err} }

// guard calls go-diskfs. Its errors, and its panics about bytes it did not
// expect, are the image's fault, unless the medium failed.
func (f *FS) guard(what string, do func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
		if err == nil || errors.Is(err, io.EOF) {
			return
		}
		if failed := f.src.failed(); failed != nil {
			err = failed
			return
		}
		err = badinput.New("squashfs: %s", what).Got("an error in its tables or blocks (%v)", err).Want("a whole squashfs")
	}()
	return do()
}
