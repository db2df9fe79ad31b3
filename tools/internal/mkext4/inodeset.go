package mkext4

import (
	"errors"
	"fmt"
	"io/fs"

	"shimboot/tools/internal/ext4/ondisk"
	"shimboot/tools/internal/tree"
	"shimboot/tools/internal/unixmode"
)

// InodeSet is a tree turned into inodes, which have no place yet.
type InodeSet struct {
	opt    *Options
	tree   *tree.Packed
	sums   sums
	nodes  []node // by entry of the tree
	lost   int    // entry of lost+found
	inodes uint32 // in use, with the reserved ones
}

// node is what an entry's inode takes and where that is; a hard link's is not used.
type node struct {
	ino       uint32
	links     uint32
	dirBlocks uint32 // of a directory
	flags     nodeFlags
	xattrs    uint32 // block of the attributes
	data      uint32 // first block of the content
	maps      uint32 // first block of the extent tree or the block map
}

type nodeFlags uint8

const (
	nodeHashed     nodeFlags = 1 << iota // a directory with an index
	nodeXAttrBlock                       // attributes have a block of their own
)

const lostFound = "lost+found"

// NewInodeSet makes inodes of a tree, which it adds lost+found to and finishes.
// An entry that cannot be stored gives a *TreeError.
func NewInodeSet(t *tree.Packed, o Options) (*InodeSet, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if mode, ok := t.Lookup(lostFound); ok && !mode.IsDir() {
		return nil, treeErrorf(lostFound, "a %v, want a directory", mode.Type())
	}
	if err := t.Add(&tree.Entry{Path: lostFound, Mode: fs.ModeDir | 0o700, Bare: true}); err != nil {
		return nil, &TreeError{lostFound, err}
	}
	if err := t.Finish(); err != nil {
		return nil, fmt.Errorf("ext4: %w", err)
	}
	s := &InodeSet{opt: &o, tree: t, sums: o.Kind.sums(o.UUID), nodes: make([]node, t.Len())}
	for k := range s.tree.Children(0) {
		if t.Name(k) == lostFound {
			s.lost = k
		}
	}
	return s, s.scan()
}

// scan checks entries, numbers inodes and counts links.
func (s *InodeSet) scan() error {
	s.nodes[0] = node{ino: ondisk.RootInode, links: 2}
	s.inodes = ondisk.OldFirstInode
	for k := 1; k < len(s.nodes); k++ {
		if owner := s.tree.Owner(k); owner != k {
			s.nodes[owner].links++
			continue
		}
		n := &s.nodes[k]
		n.links++ // those before it in the tree have counted theirs
		if n.ino = ondisk.OldFirstInode; k != s.lost {
			s.inodes++
			n.ino = s.inodes
		}
		if s.tree.Mode(k).IsDir() {
			n.links++
			s.nodes[s.tree.Parent(k)].links++
		}
	}
	for k := range s.nodes {
		if s.tree.Owner(k) != k {
			continue
		}
		if err := s.measure(k); err != nil {
			return &TreeError{s.tree.Entry(k).Path, err}
		}
	}
	return nil
}

// entries lists those that have an inode in the order of the inodes' numbers,
// without the root.
func (s *InodeSet) entries(yield func(k int) bool) {
	if !yield(s.lost) {
		return
	}
	for k := 1; k < len(s.nodes); k++ {
		if k != s.lost && s.nodes[k].ino != 0 && !yield(k) {
			return
		}
	}
}

// checkEntry refuses what no inode can hold.
func (s *InodeSet) checkEntry(k int) error {
	t := s.tree
	mode, size := t.Mode(k), t.Size(k)
	if _, ok := unixMode(mode); !ok {
		return fmt.Errorf("a file of type %v cannot be stored", mode.Type())
	}
	switch {
	case mode.IsRegular() && size < 0:
		return fmt.Errorf("a file of %d bytes", size)
	case mode&fs.ModeSymlink != 0 && (size == 0 || size >= blockSize):
		return fmt.Errorf("a symbolic link to %d bytes, want 1 to %d", size, blockSize-1)
	case mode&fs.ModeDevice != 0:
		e := t.Entry(k)
		if !ondisk.DeviceNumber(e.Major, e.Minor) {
			return fmt.Errorf("device number %d:%d, want at most 4095:1048575", e.Major, e.Minor)
		}
	}
	var end int64
	for _, r := range t.Data(k) {
		if r.Start < end || r.Size < 0 || r.Size > size-r.Start {
			return errors.New("the ranges of its data are not in order, or beyond its end")
		}
		end = r.Start + r.Size
	}
	return nil
}

// unixMode gives i_mode for Go's mode; ok is false for a type that is none.
func unixMode(mode fs.FileMode) (m uint16, ok bool) {
	word, ok := unixmode.FromFS(mode)
	return uint16(word), ok
}
