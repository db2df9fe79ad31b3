// Package tree is the common form of a file tree on its way from a source
// (cpio, tar, directory, Nix closure) into a file system or an archive.
//
// A source yields entries; Merge lays several sources over each other, the
// later one winning; a sink (the cpio or ext4 writer) takes the sorted result:
//
//	t, err := tree.Merge(base, overlay)
//	for _, e := range t { ... }
//
// No entry refers to the machine it was made on: owners, modes and times are
// what the source says, contents are opened only when they are written.
package tree

import (
	"io"
	"io/fs"
	"strings"
	"time"

	"shimboot/tools/internal/listing"
)

// Entry is one name in a tree.
type Entry struct {
	Path     string      // slash-separated, relative, clean; "." is the root
	Mode     fs.FileMode // type and permission bits, setuid, setgid, sticky
	UID, GID uint32
	ModTime  time.Time
	Size     int64             // content length; regular files only
	Target   string            // symbolic link's target, as it is stored
	Link     string            // hard link: Path of the entry that holds the content
	Major    uint32            // device nodes
	Minor    uint32            // device nodes
	XAttrs   map[string][]byte // by full name, such as "security.capability"

	// Bare marks a directory that is only there to hold its entries: over a
	// directory of an earlier source it leaves mode, owner and time as they are.
	Bare bool

	// Data lists where in a regular file there is data, in order; the rest are
	// holes, which read as zeros. Nil means that there are none.
	Data []Range

	// Open gives the content of a regular file, exactly Size bytes. It is nil
	// for everything else and for hard links.
	Open func() (io.ReadCloser, error)
}

// Range is a part of a file, in bytes.
type Range struct{ Start, Size int64 }

// IsHardlink tells whether e is a further name of another entry.
func (e *Entry) IsHardlink() bool { return e.Link != "" }

// Tree is a list of entries sorted by path with every parent directory
// present and before its children; every hard link names an entry that is a
// regular file, device, fifo or symlink with content of its own.
type Tree []*Entry

// Merge lays sources over each other: an entry of a later source replaces one
// of the same path, with all that is below it when it is not a directory
// itself. Missing parents are added as root-owned directories of mode 0755
// and the time of what comes first in them. Where a file that has further
// names is replaced, its content stays at those.
func Merge(sources ...[]*Entry) (Tree, error) {
	p := NewPacked()
	for _, src := range sources {
		if err := p.AddAll(src); err != nil {
			return nil, err
		}
	}
	if err := p.Finish(); err != nil {
		return nil, err
	}
	return p.Tree(), nil
}

// check refuses what no tree can hold.
func check(e *Entry, content bool) error {
	for _, text := range [...]string{e.Path, e.Target, e.Link} {
		if len(text) > listing.MaxPath {
			return errorf("%.40q…: a path of %d bytes, want at most %d", text, len(text), listing.MaxPath)
		}
	}
	if !fs.ValidPath(e.Path) || strings.ContainsRune(e.Path, 0) {
		return errorf("%q: not a clean relative path", e.Path)
	}
	for _, name := range strings.Split(e.Path, "/") {
		if len(name) > 255 {
			return errorf("%q: name of %d bytes, want at most 255", e.Path, len(name))
		}
	}
	if e.Path == "." && !e.Mode.IsDir() {
		return errorf("no directory as the root of the tree")
	}
	if e.Mode.IsRegular() && !e.IsHardlink() && !content && e.Size > 0 {
		return errorf("%s: a file of %d bytes without content", e.Path, e.Size)
	}
	return nil
}
