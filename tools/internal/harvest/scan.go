package harvest

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/harvest/report"
	"shimboot/tools/internal/listing"
)

// scanner makes the tree of one image.
type scanner struct {
	from    *root
	root    string // real path of lib/firmware
	tree    tree
	skipped []report.Skipped
	names   int
	paths   listing.Names
}

// scan reads the names of an image's lib/firmware.
func scan(ctx context.Context, from *root) (*scanner, error) {
	s := &scanner{from: from, tree: tree{".": {from: from}}}
	dir, info, err := from.realpath(report.FirmwareDir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	s.root = dir
	if err := s.dir(".", []string{dir}); err != nil {
		return nil, err
	}
	return s, s.tree.settle(ctx)
}

// dir reads a directory: stack has the real paths of it, last, and of those
// above it. It is outside when a link was followed to come here.
func (s *scanner) dir(at string, stack []string) error {
	dir := stack[len(stack)-1]
	list, err := s.from.readDir(dir)
	if err != nil {
		return err
	}
	if s.names += len(list); len(stack) > maxDepth || s.names > maxNodes {
		return badinput.New("%s", s.from.name(dir)).Got("directories in a loop, or too many").
			Want("at most %d levels and %d names", maxDepth, maxNodes)
	}
	if err := s.paths.Enter(at, len(list)); err != nil {
		return s.from.wrap(err)
	}
	for _, e := range list {
		to, err := s.paths.Join(at, e.Name())
		if err != nil {
			return s.from.wrap(err)
		}
		if err := s.entry(to, path.Join(dir, e.Name()), e, stack); err != nil {
			return err
		}
	}
	return nil
}

// entry adds the name at, which is real in the image.
func (s *scanner) entry(at, real string, e fs.DirEntry, stack []string) error {
	source, info, err := s.from.file(real, e)
	if err != nil && !(e.Type() == fs.ModeSymlink && dangles(err)) {
		return err
	}
	n := &node{from: s.from, real: real, source: source}
	if err == nil && info.Mode().IsRegular() {
		n.size = info.Size()
		if n.format, err = s.from.compression(source); err != nil {
			return err
		}
		at = uncompressedName(at, n.format)
	}
	if e.Type() == fs.ModeSymlink {
		if n.raw, err = s.from.fsys.ReadLink(real); err != nil {
			return s.from.wrap(err)
		}
		if n.target = s.inside(real, n.raw); n.target != "" {
			n.target = uncompressedName(n.target, n.format)
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
	s.skipped = append(s.skipped, s.from.skipped(source, reason))
}

// inside gives the path in the tree that a link at a real path leads to, ""
// where it leads out of lib/firmware, or where that cannot be told from the
// text: ".." after a name that may be a link itself.
func (s *scanner) inside(real, target string) string {
	if !strings.HasPrefix(real, s.root+"/") || climbsLate(target) {
		return ""
	}
	full := path.Join("/", path.Dir(real), target)
	if strings.HasPrefix(target, "/") {
		full = path.Clean(target)
	}
	for _, root := range []string{s.root, report.FirmwareDir} {
		if rest, ok := strings.CutPrefix(full, "/"+root+"/"); ok {
			return rest
		}
	}
	return ""
}

func climbsLate(target string) bool {
	down := false
	for part := range strings.SplitSeq(target, "/") {
		if part == ".." && down {
			return true
		}
		down = down || part != ".." && part != "." && part != ""
	}
	return false
}
