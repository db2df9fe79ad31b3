package image

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"shimboot/tools/internal/tree"
)

// othersRead and othersEnter are what everyone may do with a file, and with a
// directory.
const othersRead, othersEnter = 0o004, 0o001

// Private tells whether something went into the image that is not for everyone
// to read, on this machine or in the image: who can read an image can read
// everything in it.
func (p *Plan) Private() bool { return p.private }

// readsPrivate looks at the files that a spec names.
func readsPrivate(s *Spec) (bool, error) {
	for i := range s.Partitions {
		c := &s.Partitions[i].Content
		if c.Raw != nil {
			if found, err := ClosedBelow(c.Raw.Path); found || err != nil {
				return found, err
			}
		}
		for _, fsys := range []*Filesystem{c.Vfat, c.Ext2, c.Ext4} {
			if fsys == nil {
				continue
			}
			for _, src := range fsys.Sources {
				for _, path := range []string{src.Cpio, src.Tar, src.Directory} {
					if found, err := ClosedBelow(path); found || err != nil {
						return found, err
					}
				}
			}
		}
	}
	return false, nil
}

// Closed tells whether not everyone may read a file, or reach it.
func Closed(path string) (bool, error) {
	path, err := resolved(path)
	if err != nil {
		return false, err
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode()&othersRead == 0 {
		return err == nil, err
	}
	return closedAbove(path)
}

// resolved is the path that a file is reached by in the end: whoever can go that
// way needs none of the links to it.
func resolved(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(path)
}

// closedAbove looks at the directories on the way to a resolved path.
func closedAbove(path string) (bool, error) {
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil || info.Mode()&othersEnter == 0 {
			return err == nil, err
		}
		if dir == filepath.Dir(dir) {
			return false, nil
		}
	}
}

// ClosedBelow tells whether not everyone may read a file, or one with content in
// a directory. Of standard input only the archive's own modes tell.
func ClosedBelow(path string) (found bool, err error) {
	if path == "" || path == stdinName {
		return false, nil
	}
	if path, err = resolved(path); err != nil {
		return false, err
	}
	all, err := closedAbove(path)
	if err != nil {
		return false, err
	}
	closed := "" // a directory
	err = filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() && !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		inside := all || closed != "" && strings.HasPrefix(name, closed+string(os.PathSeparator))
		switch {
		case d.IsDir() && !inside && info.Mode()&othersEnter == 0:
			closed = name
		case !d.IsDir() && info.Size() > 0 && (inside || info.Mode()&othersRead == 0):
			found = true
			return fs.SkipAll
		}
		return nil
	})
	return found, err
}

// closedIn looks at the modes that a finished tree has.
func closedIn(t *tree.Packed) bool {
	closed := make([]bool, t.Len()) // directories come before what is in them
	for k := range closed {
		inside, mode := closed[t.Parent(k)], t.Mode(k)
		switch {
		case mode.IsDir():
			closed[k] = inside || mode&othersEnter == 0
		case mode.IsRegular() && t.Size(k) > 0 && (inside || mode&othersRead == 0):
			return true
		}
	}
	return false
}
