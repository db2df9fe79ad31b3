// Package dirtree reads a directory of the machine as a tree that does not
// depend on the machine: everything belongs to root, all times are one, modes
// are 0755 for directories and programs and 0644 for the rest.
//
//	entries, err := dirtree.Read("overlay", dirtree.Options{Time: epoch})
//
// Its directories leave alone what an earlier source says of them. Hard links
// become separate files, as a Nix store may have linked what is equal by
// chance. Where the directory itself is named by a symlink (as `nix build`
// makes them), the link is followed.
package dirtree

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/tree"
)

// Options for Read.
type Options struct {
	Time   time.Time // of every entry
	Prefix string    // path in the tree where the directory goes, "." for the root
	// NoFollow takes a directory that is named by a symlink for the symlink.
	NoFollow bool
	// StoreModes makes modes those of the Nix store, 0555 and 0444.
	StoreModes bool
}

// Read lists dir, or the one file that dir names.
func Read(dir string, o Options) ([]*tree.Entry, error) {
	if !o.NoFollow {
		real, err := filepath.EvalSymlinks(dir)
		if err != nil {
			return nil, err
		}
		dir = real
	}
	var entries []*tree.Entry
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
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
		entries = append(entries, e)
		return nil
	})
	return entries, err
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
		e.Open = func() (io.ReadCloser, error) { return os.Open(path) }
	case mode.Type() == fs.ModeSymlink:
		e.Mode = fs.ModeSymlink | 0o777
		e.Target, err = os.Readlink(path)
	default:
		return nil, badinput.New("%s", path).Got("a %v", mode.Type()).
			Want("files, directories and symlinks").Fix("device nodes come from a cpio or tar archive")
	}
	if err != nil {
		return nil, fmt.Errorf("reading a link: %w", err)
	}
	return e, nil
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
