package ext4

import (
	"fmt"

	"shimboot/tools/internal/tree"
)

// Plan is a file system that is computed and not yet written: every file has
// its inode and its blocks. It refers to the tree, which must not change.
type Plan struct {
	p *placed
}

// NewPlan computes the file system of a tree. A tree that does not fit gives
// a *SpaceError, an entry that cannot be stored a *TreeError.
//
// The content of files is not opened. Blocks of zeros in it are not written,
// but they are allocated: a sparse file takes up its full size inside of the
// file system, and none of the target's.
func NewPlan(t tree.Tree, o Options) (*Plan, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if o.Size <= 0 || o.Size%blockSize != 0 {
		return nil, fmt.Errorf("ext4: size of %d bytes, want a multiple of %d", o.Size, blockSize)
	}
	f, err := scan(t, &o)
	if err != nil {
		return nil, err
	}
	blocks := uint64(o.Size) / blockSize
	if p, err := f.roomiest(blocks); p != nil || err != nil {
		return newPlan(p, err)
	}
	p, err := f.least()
	if err != nil {
		return nil, err
	}
	if least := p.alloc.g.blocks; least > blocks {
		return nil, &SpaceError{Need: int64(least) * blockSize, Have: o.Size}
	}
	// Some sizes hold less than slightly smaller ones, because all inode
	// tables grow by a block at once: then the smaller one is made.
	return newPlan(p, nil)
}

func newPlan(p *placed, err error) (*Plan, error) {
	if err != nil {
		return nil, err
	}
	return &Plan{p}, nil
}

// ContentSize gives the least Size, in bytes, that holds the tree, with
// metadata and what the options want to be left over: one block less does not.
// Size itself does not count. With just this size an ext4 journal is as small
// as it can be, 4 MiB; with more room it is as long as mke2fs makes it.
func ContentSize(t tree.Tree, o Options) (int64, error) {
	if err := o.check(); err != nil {
		return 0, err
	}
	f, err := scan(t, &o)
	if err != nil {
		return 0, err
	}
	p, err := f.least()
	if err != nil {
		return 0, err
	}
	return int64(p.alloc.g.blocks) * blockSize, nil
}

// Size is the length of the file system in bytes: Options.Size, or less by a
// last group that would hold next to nothing.
func (p *Plan) Size() int64 { return int64(p.p.alloc.g.blocks) * blockSize }

// Blocks is the length of the file system in blocks of 4096 bytes.
func (p *Plan) Blocks() uint64 { return p.p.alloc.g.blocks }

// FreeBlocks counts the blocks left over.
func (p *Plan) FreeBlocks() uint64 { return p.p.alloc.left() }

// Inodes counts all inodes.
func (p *Plan) Inodes() uint64 { return p.p.alloc.g.groups * uint64(p.p.alloc.g.inodes) }

// FreeInodes counts the inodes left over.
func (p *Plan) FreeInodes() uint64 { return p.Inodes() - p.p.inodesUsed() }

// ContentBytes sums up the contents of all files: what Write reads.
func (p *Plan) ContentBytes() int64 {
	var total int64
	for k := range p.p.nodes {
		if n := &p.p.nodes[k]; n.e.Mode.IsRegular() {
			total += n.size
		}
	}
	return total
}
