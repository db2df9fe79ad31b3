// Package listing bounds what the names of a file system that is not trusted may
// take: in an image of a few MiB, directories can be so deep that their paths
// alone are larger than any memory.
//
//	var names listing.Names
//	err := names.Enter(dir, len(entries)) // before the first of them is looked at
//	path, err := names.Join(dir, entries[0].Name())
//
// What is too long or too much is bad input, see package badinput.
package listing

import (
	"io/fs"

	"shimboot/tools/internal/badinput"
)

const (
	// MaxPath is how many bytes of a path Linux takes (PATH_MAX).
	MaxPath = 4096

	maxNames = 1 << 17
	maxBytes = 32 << 20 // of all paths
)

// CheckPath refuses a path that Linux would not take.
func CheckPath(path string) error {
	if len(path) > MaxPath {
		return badinput.New("path %.40q…", path).Got("%d bytes", len(path)).Want("at most %d", MaxPath)
	}
	return nil
}

// Join makes the path of a name in a directory, which is "." for the root.
func Join(dir, name string) (string, error) {
	path := name
	if dir != "." {
		if len(dir)+1+len(name) > MaxPath {
			return "", CheckPath(dir[:min(len(dir), MaxPath)] + "/" + name)
		}
		path = dir + "/" + name
	}
	return path, CheckPath(path)
}

// Names counts what is listed of one file system. The zero value has counted
// nothing.
type Names struct {
	count int
	bytes int64
}

// Enter counts a directory's entries, all at once: who goes down into the first
// holds the others meanwhile.
func (n *Names) Enter(dir string, entries int) error {
	n.count += entries
	n.bytes += int64(entries) * int64(len(dir)+1)
	return n.check(dir)
}

// Join is that of the package, and counts the name.
func (n *Names) Join(dir, name string) (string, error) {
	path, err := Join(dir, name)
	if err != nil {
		return "", err
	}
	n.bytes += int64(len(name))
	return path, n.check(dir)
}

func (n *Names) check(dir string) error {
	if n.count > maxNames || n.bytes > maxBytes {
		return badinput.New("names up to %.40q", dir).Got("%d, of %d bytes with their directories'", n.count, n.bytes).
			Want("at most %d, of %d bytes", maxNames, maxBytes)
	}
	return nil
}

// Walk gives all that is in a file system, each directory before what is in it
// and in the order of its entries.
func Walk(fsys fs.ReadDirFS, do func(path string, e fs.DirEntry) error) error {
	w := &walker{fsys: fsys, do: do}
	return w.dir(".")
}

type walker struct {
	fsys  fs.ReadDirFS
	do    func(path string, e fs.DirEntry) error
	names Names
}

func (w *walker) dir(dir string) error {
	list, err := w.fsys.ReadDir(dir)
	if err != nil {
		return err
	}
	if err := w.names.Enter(dir, len(list)); err != nil {
		return err
	}
	for _, e := range list {
		path, err := w.names.Join(dir, e.Name())
		if err != nil {
			return err
		}
		if err := w.do(path, e); err != nil {
			return err
		}
		if e.IsDir() {
			if err := w.dir(path); err != nil {
				return err
			}
		}
	}
	return nil
}
