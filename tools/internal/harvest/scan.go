package harvest

import (
	"errors"
	"io/fs"
	"path"
	"slices"

	"shimboot/tools/internal/badinput"
)

// scanner makes the tree of one image.
type scanner struct {
	im      *image
	root    string // real path of lib/firmware
	tree    tree
	skipped []Skipped
	names   int
}

// scan reads the names of an image's lib/firmware.
func scan(im *image) (*scanner, error) {
	s := &scanner{im: im, tree: tree{".": {im: im}}}
	root, info, err := im.realpath(firmwareDir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	s.root = root
	if err := s.dir(".", []string{root}); err != nil {
		return nil, err
	}
	s.tree.settle()
	return s, nil
}

// dir reads a directory: stack has the real paths of it, last, and of those
// above it. It is outside when a link was followed to come here.
func (s *scanner) dir(at string, stack []string) error {
	dir := stack[len(stack)-1]
	list, err := s.im.readDir(dir)
	if err != nil {
		return err
	}
	if s.names += len(list); len(stack) > maxDepth || s.names > maxNodes {
		return badinput.New("%s", s.im.name(dir)).Got("directories in a loop, or too many").
			Want("at most %d levels and %d names", maxDepth, maxNodes)
	}
	for _, e := range list {
		if err := s.entry(path.Join(at, e.Name()), path.Join(dir, e.Name()), e, stack); err != nil {
			return err
		}
	}
	return nil
}

// entry adds the name at, which is real in the image.
func (s *scanner) entry(at, real string, e fs.DirEntry, stack []string) error {
	source, info, err := s.im.file(real, e)
	if err != nil && !(e.Type() == fs.ModeSymlink && dangles(err)) {
		return err
	}
	n := &node{im: s.im, real: real, source: source}
	if err == nil && info.Mode().IsRegular() {
		n.size = info.Size()
		if n.format, err = s.im.packed(source); err != nil {
			return err
		}
		at = unpackedName(at, n.format)
	}
	if e.Type() == fs.ModeSymlink {
		if n.raw, err = s.im.fsys.ReadLink(real); err != nil {
			return s.im.wrap(err)
		}
		if n.target = s.inside(real, n.raw); n.target != "" {
			n.target = unpackedName(n.target, n.format)
			n.kind = linkNode
			if info != nil && !info.Mode().IsRegular() {
				n.source = ""
			}
			s.add(at, n)
			return nil
		}
	}
	return s.content(at, n, info, stack)
}

// content adds a file or directory, or what a link leads to as if it were there.
func (s *scanner) content(at string, n *node, info fs.FileInfo, stack []string) error {
	switch {
	case info == nil:
		n.kind = deadNode
		s.add(at, n)
	case info.Mode().IsRegular():
		n.kind = fileNode
		s.add(at, n)
	case !info.IsDir():
		s.skip(n.real, "not a file")
	case slices.Contains(stack, n.source):
		s.skip(n.real, "a link to a directory it is in")
	case s.add(at, n):
		return s.dir(at, append(stack[:len(stack):len(stack)], n.source))
	}
	return nil
}

// add takes a node. Of x and x.xz it is the plain one, which is first.
func (s *scanner) add(at string, n *node) bool {
	if s.tree[at] != nil {
		s.skip(n.real, "there is "+at)
		return false
	}
	s.tree[at] = n
	return true
}

func (s *scanner) skip(source, reason string) {
	s.skipped = append(s.skipped, Skipped{"/" + source, s.im.origin, reason})
}
