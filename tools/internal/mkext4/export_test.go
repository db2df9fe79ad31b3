package mkext4

// What the tests want to know of a plan, and nobody else.

// Size is the length of the file system in bytes: what was asked for,
// or less by a last group that would hold next to nothing.
func (p *Plan) Size() int64 { return int64(p.layout.alloc.g.blocks) * blockSize }

// Blocks is the length of the file system in blocks of 4096 bytes.
func (p *Plan) Blocks() uint64 { return p.layout.alloc.g.blocks }

// Inodes counts all inodes.
func (p *Plan) Inodes() uint64 { return p.layout.alloc.g.groups * uint64(p.layout.alloc.g.inodes) }

// FreeInodes counts the inodes left over.
func (p *Plan) FreeInodes() uint64 { return p.Inodes() - uint64(p.layout.inodes) }
