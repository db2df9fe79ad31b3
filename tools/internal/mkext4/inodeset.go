package ext4

import (
	"errors"
	"fmt"
	"io/fs"

	"shimboot/tools/internal/tree"
)

// Content is a tree turned into inodes, which have no place yet.
type Content struct {
	opt    *Options
	tree   *tree.Packed
	sums   sums
	nodes  []node // by entry of the tree
	lost   int    // entry of lost+found
	inodes uint32 // in use, with the reserved ones
}

// node is the inode of an entry; a hard link's is not used.
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

// NewContent makes inodes of a tree, which it adds lost+found to and finishes.
// An entry that cannot be stored gives a *TreeError.
func NewContent(t *tree.Packed, o Options) (*Content, error) {
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
	c := &Content{opt: &o, tree: t, sums: o.Kind.sums(o.UUID), nodes: make([]node, t.Len())}
	for k := range c.tree.Children(0) {
		if t.Name(k) == lostFound {
			c.lost = k
		}
	}
	return c, c.scan()
}

// scan checks entries, numbers inodes and counts links.
func (c *Content) scan() error {
	c.nodes[0] = node{ino: rootInode, links: 2}
	c.inodes = oldFirstInode
	for k := 1; k < len(c.nodes); k++ {
		if owner := c.tree.Owner(k); owner != k {
			c.nodes[owner].links++
			continue
		}
		n := &c.nodes[k]
		n.links++ // those before it in the tree have counted theirs
		if n.ino = oldFirstInode; k != c.lost {
			c.inodes++
			n.ino = c.inodes
		}
		if c.tree.Mode(k).IsDir() {
			n.links++
			c.nodes[c.tree.Parent(k)].links++
		}
	}
	for k := range c.nodes {
		if c.tree.Owner(k) != k {
			continue
		}
		if err := c.measure(k); err != nil {
			return &TreeError{c.tree.Entry(k).Path, err}
		}
	}
	return nil
}

// entries lists those that have an inode in the order of the inodes' numbers,
// without the root.
func (c *Content) entries(yield func(k int) bool) {
	if !yield(c.lost) {
		return
	}
	for k := 1; k < len(c.nodes); k++ {
		if k != c.lost && c.nodes[k].ino != 0 && !yield(k) {
			return
		}
	}
}

// checkEntry refuses what no inode can hold.
func (c *Content) checkEntry(k int) error {
	t := c.tree
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
		if _, _, ok := encodeDevice(e.Major, e.Minor); !ok {
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
