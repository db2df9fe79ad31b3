package ext4

import (
	"fmt"
	"io/fs"
	"strings"

	"shimboot/tools/internal/ext4/ondisk"
	"shimboot/tools/internal/listing"
)

// step is one level of a path: an inode and the inode it was found in.
type step struct {
	ino    *Inode
	parent uint32
}

// resolver walks a path from the root. Stack holds the directories passed, so
// that ".." needs nothing from the disk and cannot leave the root.
type resolver struct {
	fs    *FS
	stack []step
	todo  []string
	links int
}

// resolve finds the inode a path leads to. A symbolic link at its end is
// followed if follow is set.
func (f *FS) resolve(name string, follow bool) (step, error) {
	if !validPath(name) || len(name) > listing.MaxPath {
		return step{}, fs.ErrInvalid
	}
	root, err := f.inode(ondisk.RootInode, ondisk.SuperblockOffset)
	if err != nil {
		return step{}, err
	}
	if !root.fmode.IsDir() {
		return step{}, badf(root.pos, "root inode", root.fmode, "a directory")
	}
	r := resolver{fs: f, stack: []step{{root, ondisk.RootInode}}, todo: strings.Split(name, "/")}
	for len(r.todo) > 0 {
		if err := r.next(follow); err != nil {
			return step{}, err
		}
	}
	return r.top(), nil
}

func (r *resolver) top() step { return r.stack[len(r.stack)-1] }

// next takes one component off todo.
func (r *resolver) next(follow bool) error {
	top := r.top()
	if !top.ino.fmode.IsDir() {
		return errNotDir
	}
	name := r.todo[0]
	r.todo = r.todo[1:]
	switch name {
	case "", ".":
		return nil
	case "..":
		r.stack = r.stack[:max(1, len(r.stack)-1)]
		return nil
	}
	d, err := r.fs.directory(top.ino, top.parent)
	if err != nil {
		return err
	}
	e, ok := d.lookup(name)
	if !ok {
		return fs.ErrNotExist
	}
	i, err := r.fs.entryInode(e)
	if err != nil {
		return err
	}
	if e.ft == ondisk.TypeSymlink && (follow || len(r.todo) > 0) {
		return r.link(i)
	}
	r.stack = append(r.stack, step{i, top.ino.Ino})
	return nil
}

// link puts a symbolic link's target in front of what is left of the path.
func (r *resolver) link(i *Inode) error {
	if r.links++; r.links > maxSymlinkDepth {
		return errLoop
	}
	target, err := i.target()
	if err != nil {
		return err
	}
	if strings.HasPrefix(target, "/") {
		r.stack = r.stack[:1]
	}
	r.todo = append(strings.Split(target, "/"), r.todo...)
	return nil
}

// entryInode reads the inode of a name, which must be of the type the
// directory says.
func (f *FS) entryInode(e dirent) (*Inode, error) {
	i, err := f.inode(e.ino, e.at)
	if err != nil {
		return nil, err
	}
	if ft := ondisk.TypeOfMode(i.Mode); ft != e.ft {
		return nil, badf(e.at+ondisk.DirEntryTypeOffset, fmt.Sprintf("type of %q", e.name), e.ft, "%d, the type of inode %d", ft, e.ino)
	}
	return i, nil
}

// validPath is fs.ValidPath without the demand for UTF-8: names on a disk are
// bytes.
func validPath(name string) bool {
	if name == "." {
		return true
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part == "." || part == ".." {
			return false
		}
	}
	return true
}
