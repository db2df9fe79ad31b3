package ext4

import (
	"encoding/binary"
	"fmt"
	"sort"
)

// extentNode is one node of an extent tree: the inode's i_block or a block.
type extentNode struct {
	data  []byte
	pos   int64 // byte offset of data
	depth uint16
	count int
}

func (n *extentNode) entry(i int) []byte {
	off := extentHeader + i*extentEntry
	return n.data[off : off+extentEntry]
}

func (n *extentNode) entryPos(i int) int64 { return n.pos + extentHeader + int64(i)*extentEntry }

// first is the first logical block entry i covers.
func (n *extentNode) first(i int) uint64 { return uint64(binary.LittleEndian.Uint32(n.entry(i))) }

// parseExtentNode checks a node's header: magic, entries, room, depth.
func parseExtentNode(data []byte, pos int64) (*extentNode, error) {
	le := binary.LittleEndian
	if m := le.Uint16(data); m != extentMagic {
		return nil, badf(pos, "extent node magic", fmt.Sprintf("0x%04x", m), "0x%04x", extentMagic)
	}
	n := &extentNode{data: data, pos: pos, count: int(le.Uint16(data[2:])), depth: le.Uint16(data[6:])}
	if room := (len(data) - extentHeader) / extentEntry; n.count > room {
		return nil, badf(pos+2, "extent node entries", n.count, "at most %d", room)
	}
	if n.depth > extentMaxDepth {
		return nil, badf(pos+6, "extent tree depth", n.depth, "at most %d", extentMaxDepth)
	}
	return n, nil
}

// mapExtent finds logical block lblk: phys is where it is, or 0 for a hole,
// and n how many blocks from there on go on the same way.
func (i *Inode) mapExtent(lblk uint64) (phys, n uint64, err error) {
	node, err := parseExtentNode(i.iblock, i.pos+iblockOffset)
	if err != nil {
		return 0, 0, err
	}
	end := uint64(1) << 32 // where the next subtree starts
	for {
		k := sort.Search(node.count, func(k int) bool { return node.first(k) > lblk })
		if k < node.count {
			end = min(end, node.first(k))
		}
		if k == 0 || end <= lblk {
			return 0, max(end, lblk+1) - lblk, nil
		}
		if node.depth == 0 {
			return i.leafRun(node, k-1, lblk, end)
		}
		if node, err = i.child(node, k-1); err != nil {
			return 0, 0, err
		}
	}
}

// leafRun reads leaf entry k: first logical block, length, place. A length
// over 32768 means that many less, not yet written: it reads as zeros.
func (i *Inode) leafRun(node *extentNode, k int, lblk, end uint64) (phys, n uint64, err error) {
	le := binary.LittleEndian
	e := node.entry(k)
	count := uint64(le.Uint16(e[4:]))
	unwritten := count > extentMaxInit
	if unwritten {
		count -= extentMaxInit
	}
	skip := lblk - node.first(k)
	if skip >= count {
		return 0, end - lblk, nil
	}
	start := uint64(le.Uint16(e[6:]))<<32 | uint64(le.Uint32(e[8:]))
	if err := i.fs.checkRun(start, count, fmt.Sprintf("extent of inode %d", i.Ino), node.entryPos(k)); err != nil {
		return 0, 0, err
	}
	if unwritten {
		return 0, count - skip, nil
	}
	return start + skip, count - skip, nil
}

// child reads the node below index entry k. It must be one level deeper, so
// that no chain of nodes is longer than the root's depth.
func (i *Inode) child(node *extentNode, k int) (*extentNode, error) {
	le := binary.LittleEndian
	e := node.entry(k)
	n := uint64(le.Uint32(e[4:])) | uint64(le.Uint16(e[8:]))<<32
	b, err := i.fs.block(n, fmt.Sprintf("extent index of inode %d", i.Ino), node.entryPos(k))
	if err != nil {
		return nil, err
	}
	pos := int64(n) * i.fs.bs
	c, err := parseExtentNode(b, pos)
	if err != nil {
		return nil, err
	}
	if err := i.checkExtentBlock(b, pos); err != nil {
		return nil, err
	}
	if c.depth != node.depth-1 {
		return nil, badf(pos+6, "extent node depth", c.depth, "%d", node.depth-1)
	}
	return c, nil
}
