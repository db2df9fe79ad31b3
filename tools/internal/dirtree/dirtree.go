// Package dirtree reads a directory of the machine as a tree that does not
// depend on the machine: everything belongs to root, if not said otherwise, all
// times are one, modes are 0755 for directories and programs and 0644 for the
// rest.
//
//	entries, err := dirtree.Read("overlay", dirtree.Options{Time: epoch})
//	err := dirtree.Add(packed, "overlay", dirtree.Options{Time: epoch}) // of any size
//
// Its directories leave alone what an earlier source says of them. Hard links
// become separate files, as a Nix store may have linked what is equal by
// chance. Where the directory itself is named by a symlink (as `nix build`
// makes them), the link is followed.
package dirtree

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/sparse"
	"shimboot/tools/internal/tree"
)

// Options for Read.
type Options struct {
	Time   time.Time // of every entry
	Prefix string    // path in the tree where the directory goes, "." for the root
	// NoFollow takes a directory that is named by a symlink for the symlink.
	NoFollow bool
	// Holes keeps the holes of sparse files. They are no part of a content:
	// copies of a directory may differ in them.
	Holes bool
	// KeepOwners makes owners and modes those that the files have.
	KeepOwners bool
	// StoreModes makes modes those of the Nix store, 0555 and 0444.
	StoreModes bool
}

// dataOf lists where in a sparse file there is data; nil for any other. Files
// that take up all of their size are not even opened.
func dataOf(path string, info fs.FileInfo) ([]tree.Range, error) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || stat.Blocks*512 >= info.Size() {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	found, err := sparse.Data(f, info.Size())
	list := make([]tree.Range, len(found))
	for i, x := range found {
		list[i] = tree.Range{Start: x.Start, Size: x.End - x.Start}
	}
	return list, err
}

// Read lists dir, or the one file that dir names.
func Read(dir string, o Options) ([]*tree.Entry, error) {
	var entries []*tree.Entry
	err := walk(dir, o, func(e *tree.Entry, s *source) error {
		if e.Mode.IsRegular() {
			e.Open = func() (io.ReadCloser, error) { return s.Open(e.Path, 0, e.Size) }
		}
		entries = append(entries, e)
		return nil
	})
	return entries, err
}

// Add lays the same entries over a tree.
func Add(t *tree.Packed, dir string, o Options) error {
	return walk(dir, o, func(e *tree.Entry, s *source) error {
		if !e.Mode.IsRegular() {
			return t.Add(e)
		}
		return t.AddFrom(e, s, 0)
	})
}

// source opens files of a directory by their paths in the tree.
type source struct{ dir, prefix string }

func (s *source) Open(path string, _, _ int64) (io.ReadCloser, error) {
	rel, err := filepath.Rel(s.prefix, path)
	if err != nil {
		return nil, err
	}
	return open(filepath.Join(s.dir, rel))
}

func walk(dir string, o Options, add func(*tree.Entry, *source) error) error {
	if !o.NoFollow {
		real, err := filepath.EvalSymlinks(dir)
		if err != nil {
			return err
		}
		dir = real
	}
	s := &source{dir, filepath.Clean(o.Prefix)}
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		e, err := entry(path, d, o)
		if err != nil {
			return err
		}
		e.Path = filepath.Join(o.Prefix, rel)
		return add(e, s)
	})
}

func entry(path string, d fs.DirEntry, o Options) (*tree.Entry, error) {
	info, err := d.Info()
	if err != nil {
		return nil, err
	}
	e := &tree.Entry{ModTime: o.Time}
	switch mode := info.Mode(); {
	case mode.IsDir():
		e.Mode, e.Bare = fs.ModeDir|o.mode(true), true
	case mode.IsRegular():
		e.Mode = o.mode(mode&0o100 != 0)
		e.Size = info.Size()
		if o.Holes {
			e.Data, err = dataOf(path, info)
		}
	case mode.Type() == fs.ModeSymlink:
		e.Mode = fs.ModeSymlink | 0o777
		e.Target, err = os.Readlink(path)
	default:
		return nil, badinput.New("%s", path).Got("a %v", mode.Type()).
			Want("files, directories and symlinks").Fix("device nodes come from a cpio or tar archive")
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && o.KeepOwners {
		const special = fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky
		e.UID, e.GID, e.Bare = stat.Uid, stat.Gid, false
		e.Mode = e.Mode.Type() | info.Mode()&(fs.ModePerm|special)
	}
	return e, err
}

func (o Options) mode(executable bool) fs.FileMode {
	mode := fs.FileMode(0o644)
	if executable {
		mode = 0o755
	}
	if o.StoreModes {
		mode &^= 0o222
	}
	return mode
}
