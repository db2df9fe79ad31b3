package ext4

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"shimboot/tools/internal/ext4/ondisk"
)

// dirent is one name of a directory. At is the byte offset of its record.
type dirent struct {
	name string
	ino  uint32
	ft   ondisk.FileType
	at   int64
}

// directory is a parsed directory: its names in order, without "." and "..".
type directory struct {
	parent  uint32
	entries []dirent
}

func (d *directory) lookup(name string) (dirent, bool) {
	k, ok := slices.BinarySearchFunc(d.entries, name, func(e dirent, n string) int { return strings.Compare(e.name, n) })
	if !ok {
		return dirent{}, false
	}
	return d.entries[k], true
}

// directory reads the directory of inode i, which was found in parent. That
// its ".." must lead back is what keeps a walk of a damaged tree from going in
// circles: a directory can be entered from one place only.
func (f *FS) directory(i *Inode, parent uint32) (*directory, error) {
	d := f.dirs.get(i.Ino)
	if d == nil {
		p := dirParser{fs: f, dir: i, out: &directory{}}
		if err := p.parse(); err != nil {
			return nil, err
		}
		d = p.out
		if err := f.dirs.put(i.Ino, d); err != nil {
			return nil, fmt.Errorf("ext4: %w", err)
		}
	}
	if d.parent != parent {
		return nil, badf(i.pos, fmt.Sprintf("parent of directory inode %d", i.Ino), d.parent, "inode %d, where it was found", parent)
	}
	return d, nil
}

type dirParser struct {
	fs  *FS
	dir *Inode
	out *directory
}

func (p *dirParser) parse() error {
	d, err := p.dir.data()
	if err != nil {
		return err
	}
	if p.dir.Flags&ondisk.FlagInlineData != 0 {
		err = p.inline(d.inline)
	} else {
		err = p.blocks()
	}
	if err != nil {
		return err
	}
	return p.finish()
}

// inlineParentSize is the length of what an inline directory has for "." and "..".
const inlineParentSize = 4

// inline parses a directory in its inode: the parent's number, records up to
// the end of i_block, and more records in the attribute behind.
func (p *dirParser) inline(b []byte) error {
	if len(b) < inlineParentSize {
		return badf(p.dir.pos+ondisk.InodeSizeOffset, "inline directory", fmt.Sprintf("%d bytes", len(b)), "at least %d", inlineParentSize)
	}
	p.out.parent = binary.LittleEndian.Uint32(b)
	pos := p.dir.pos + ondisk.InodeBlockOffset
	head := b[inlineParentSize:min(len(b), ondisk.InodeBlockSize)]
	if err := p.records(head, pos+inlineParentSize); err != nil {
		return err
	}
	if len(b) <= ondisk.InodeBlockSize {
		return nil
	}
	return p.records(b[ondisk.InodeBlockSize:], p.dir.pos+ondisk.OldInodeSize)
}

// blocks parses all blocks in order. Those of a hash tree's index look like
// blocks of empty records on purpose. No block may come twice, so that the
// work is bounded by what the image really holds.
func (p *dirParser) blocks() error {
	i, f := p.dir, p.fs
	if i.Size == 0 || i.Size%f.bs != 0 {
		return badf(i.pos+ondisk.InodeSizeOffset, fmt.Sprintf("size of directory inode %d", i.Ino), i.Size, "a multiple of %d", f.bs)
	}
	seen := map[uint64]bool{}
	for l := range uint64(i.Size / f.bs) {
		phys, _, err := i.mapBlock(l)
		if err != nil {
			return err
		}
		if phys == 0 || seen[phys] {
			return badf(i.pos+ondisk.InodeBlockOffset, fmt.Sprintf("map of directory inode %d", i.Ino), fmt.Sprintf("block %d for block %d", phys, l), "a block of its own")
		}
		seen[phys] = true
		b, err := f.block(phys, "directory block", i.pos+ondisk.InodeBlockOffset)
		if err != nil {
			return err
		}
		if err := i.checkDirBlock(l, b, int64(phys)*f.bs); err != nil {
			return err
		}
		if err := p.records(b, int64(phys)*f.bs); err != nil {
			return err
		}
	}
	return nil
}

// finish finds out missing types, sorts, and refuses names and directories
// that are there twice.
func (p *dirParser) finish() error {
	entries := p.out.entries
	dirs := map[uint32]bool{}
	for k := range entries {
		e := &entries[k]
		if e.ft == ondisk.TypeUnknown {
			i, err := p.fs.inode(e.ino, e.at)
			if err != nil {
				return err
			}
			e.ft = ondisk.TypeOfMode(i.Mode)
		}
		if _, ok := e.ft.FSMode(); !ok {
			return badf(e.at+ondisk.DirEntryTypeOffset, fmt.Sprintf("type of %q", e.name), e.ft, "1 to 7")
		}
		if e.ft == ondisk.TypeDir {
			if dirs[e.ino] {
				return badf(e.at, fmt.Sprintf("inode of directory %q", e.name), fmt.Sprintf("%d, which has another name", e.ino), "one name a directory")
			}
			dirs[e.ino] = true
		}
	}
	slices.SortFunc(entries, func(a, b dirent) int { return strings.Compare(a.name, b.name) })
	for k := 1; k < len(entries); k++ {
		if entries[k].name == entries[k-1].name {
			return badf(entries[k].at, "name in a directory", fmt.Sprintf("%q twice", entries[k].name), "each name once")
		}
	}
	return nil
}
