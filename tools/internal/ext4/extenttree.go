package ext4

import (
	"fmt"
	"sort"

	"shimboot/tools/internal/ext4/ondisk"
)

// extentNode is one node of an extent tree: the inode's i_block or a block.
type extentNode struct {
	ondisk.ExtentHeader
	data []byte
	pos  int64 // byte offset of data
}

func parseExtentNode(data []byte, pos int64) (*extentNode, error) {
	h, err := ondisk.ParseExtentHeader(data, pos)
	return &extentNode{h, data, pos}, err
}

func (n *extentNode) entry(k int) []byte { return n.data[ondisk.ExtentEntryOffset(k):] }

func (n *extentNode) entryPos(k int) int64 { return n.pos + int64(ondisk.ExtentEntryOffset(k)) }

// first is the first logical block entry k covers.
func (n *extentNode) first(k int) uint64 { return ondisk.ExtentLogical(n.entry(k)) }

// mapExtent finds logical block lblk: phys is where it is, or 0 for a hole,
// and n how many blocks from there on go on the same way.
func (i *Inode) mapExtent(lblk uint64) (phys, n uint64, err error) {
	node, err := parseExtentNode(i.iblock, i.pos+ondisk.InodeBlockOffset)
	if err != nil {
		return 0, 0, err
	}
	end := uint64(1) << 32 // where the next subtree starts
	for {
		k := sort.Search(node.Entries, func(k int) bool { return node.first(k) > lblk })
		if k < node.Entries {
			end = min(end, node.first(k))
		}
		if k == 0 || end <= lblk {
			return 0, max(end, lblk+1) - lblk, nil
		}
		if node.Depth == 0 {
			return i.leafRun(node, k-1, lblk, end)
		}
		if node, err = i.child(node, k-1); err != nil {
			return 0, 0, err
		}
	}
}

// leafRun reads entry k of a leaf. What was not yet written reads as zeros.
func (i *Inode) leafRun(node *extentNode, k int, lblk, end uint64) (phys, n uint64, err error) {
	e := ondisk.ParseExtent(node.entry(k))
	skip := lblk - e.Logical
	if skip >= e.Len {
		return 0, end - lblk, nil
	}
	if err := i.fs.checkRun(e.Start, e.Len, fmt.Sprintf("extent of inode %d", i.Ino), node.entryPos(k)); err != nil {
		return 0, 0, err
	}
	if e.Unwritten {
		return 0, e.Len - skip, nil
	}
	return e.Start + skip, e.Len - skip, nil
}

// child reads the node below index entry k. It must be one level deeper, so
// that no chain of nodes is longer than the root's depth.
func (i *Inode) child(node *extentNode, k int) (*extentNode, error) {
	n := ondisk.ParseExtentIndex(node.entry(k)).Child
	b, err := i.fs.block(n, fmt.Sprintf("extent index of inode %d", i.Ino), node.entryPos(k))
	if err != nil {
		return nil, err
	}
	pos := int64(n) * i.fs.bs
	c, err := parseExtentNode(b, pos)
	if err != nil {
		return nil, err
	}
	if err := i.checkExtentBlock(&c.ExtentHeader, b, pos); err != nil {
		return nil, err
	}
	if c.Depth != node.Depth-1 {
		return nil, badf(pos+ondisk.ExtentDepthOffset, "extent node depth", c.Depth, "%d", node.Depth-1)
	}
	return c, nil
}
