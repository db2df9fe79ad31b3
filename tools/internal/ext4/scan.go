package ext4

import (
	"errors"
	"fmt"
	"io/fs"
	"path"

	"shimboot/tools/internal/tree"
)

// node is an inode to be written.
type node struct {
	e        *tree.Entry
	ino      uint32
	links    uint32
	parent   int32   // node of the directory it is in
	children []child // of a directory
	size     int64   // i_size
	xattrs   span    // the attribute block
	data     span
	maps     span // blocks of the extent tree or the block map
}

// child is a name in a directory and the node it leads to.
type child struct {
	name string
	node int32
}

// forest is a tree turned into inodes. Node 0 is the root, node 1 lost+found.
type forest struct {
	opt   *Options
	nodes []node
	dirs  map[string]int32
	links map[string]int32 // paths that hard links lead to; the node once it is there
}

const lostFound = "lost+found"

// scan checks a tree and counts names, links and sizes. No block is placed.
func scan(t tree.Tree, o *Options) (*forest, error) {
	f := &forest{opt: o, dirs: map[string]int32{}, links: map[string]int32{}}
	for _, e := range t {
		if e.IsHardlink() {
			f.links[e.Link] = -1
		}
	}
	root := &tree.Entry{Path: ".", Mode: fs.ModeDir | 0o755}
	lost := &tree.Entry{Path: lostFound, Mode: fs.ModeDir | 0o700}
	for _, e := range t {
		switch e.Path {
		case ".":
			root = e
		case lostFound:
			lost = e
		}
	}
	if !root.Mode.IsDir() || !lost.Mode.IsDir() || root.IsHardlink() || lost.IsHardlink() {
		return nil, treeErrorf(lostFound, "this and the root must be directories")
	}
	f.nodes = append(f.nodes, node{e: root, ino: rootInode, links: 2})
	f.dirs["."] = 0
	if err := f.add(lost); err != nil {
		return nil, err
	}
	for _, e := range t {
		if e.IsHardlink() || e == root || e == lost {
			continue
		}
		if err := f.add(e); err != nil {
			return nil, err
		}
	}
	for _, e := range t {
		if e.IsHardlink() {
			if err := f.addLink(e); err != nil {
				return nil, err
			}
		}
	}
	return f, f.measure()
}

// add makes a node for an entry and puts its name into its directory.
func (f *forest) add(e *tree.Entry) error {
	if err := checkEntry(e); err != nil {
		return &TreeError{e.Path, err}
	}
	k := int32(len(f.nodes))
	n := node{e: e, ino: oldFirstInode + uint32(k) - 1, links: 1, size: e.Size}
	if e.Mode.IsDir() {
		if _, ok := f.dirs[e.Path]; ok {
			return treeErrorf(e.Path, "there twice")
		}
		f.dirs[e.Path] = k
		n.links, n.size = 2, 0
	} else if !e.Mode.IsRegular() {
		n.size = int64(len(e.Target))
	}
	parent, err := f.name(e.Path, k)
	if err != nil {
		return err
	}
	n.parent = parent
	if e.Mode.IsDir() {
		f.nodes[parent].links++
	}
	if _, ok := f.links[e.Path]; ok && !e.Mode.IsDir() {
		f.links[e.Path] = k
	}
	f.nodes = append(f.nodes, n)
	return nil
}

// name puts a path into its directory.
func (f *forest) name(p string, k int32) (parent int32, err error) {
	dir, base := path.Split(p)
	parent, ok := f.dirs[path.Clean(dir)]
	if !ok {
		return 0, treeErrorf(p, "its parent is not a directory before it in the tree")
	}
	f.nodes[parent].children = append(f.nodes[parent].children, child{base, k})
	return parent, nil
}

func (f *forest) addLink(e *tree.Entry) error {
	k := f.links[e.Link]
	if k < 0 || !fs.ValidPath(e.Path) || len(path.Base(e.Path)) > maxNameLen {
		return treeErrorf(e.Path, "hard link to %s, which is no file of the tree", e.Link)
	}
	f.nodes[k].links++
	_, err := f.name(e.Path, k)
	return err
}

// checkEntry refuses what no inode can hold.
func checkEntry(e *tree.Entry) error {
	if !fs.ValidPath(e.Path) || e.Path == "." {
		return errors.New("not a clean relative path")
	}
	if n := len(path.Base(e.Path)); n > maxNameLen {
		return fmt.Errorf("name of %d bytes, want at most %d", n, maxNameLen)
	}
	if _, ok := unixMode(e.Mode); !ok {
		return fmt.Errorf("a file of type %v cannot be stored", e.Mode.Type())
	}
	switch {
	case e.Mode.IsRegular() && (e.Size < 0 || e.Size > 0 && e.Open == nil):
		return fmt.Errorf("a file of %d bytes without content", e.Size)
	case e.Mode&fs.ModeSymlink != 0 && (e.Target == "" || len(e.Target) >= blockSize):
		return fmt.Errorf("a symbolic link to %d bytes, want 1 to %d", len(e.Target), blockSize-1)
	case e.Mode&fs.ModeDevice != 0:
		if _, _, ok := encodeDevice(e.Major, e.Minor); !ok {
			return fmt.Errorf("device number %d:%d, want at most 4095:1048575", e.Major, e.Minor)
		}
	}
	return nil
}
