package ext4

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Hash tree directories (fs/ext4/namei.c): block 0 is the root of the index,
// further index blocks may follow, and the leaves are ordinary blocks of
// names, each for a range of hashes.
const (
	dotsSize     = 24                                // records of "." and ".."
	leafFill     = blockSize - blockSize/8           // bytes used in a new leaf, so that names can be added
	dxRootLimit  = (blockSize - 32 - dxTailSize) / 8 // entries in the root
	dxNodeLimit  = (blockSize - 8 - dxTailSize) / 8  // entries in an index block
	dxNodeFill   = dxNodeLimit * 7 / 8               // of those in use in a new one
	maxDirLeaves = dxRootLimit * dxNodeFill          // leaves two levels can hold
)

// hashedName is the name of an entry with its hash.
type hashedName struct {
	hash  uint32
	entry int32
	name  string
}

// leaf is a block of names: [from, to) of a list.
type leaf struct{ from, to int }

// dirLayout is the division of a directory's names into blocks.
type dirLayout struct {
	hashed bool
	names  []hashedName // in the order they are written
	leaves []leaf
	nodes  int // index blocks besides the root
}

// recordSize is the length of a directory record: 8 bytes and the name, to
// the next multiple of 4.
func recordSize(name string) int { return (8 + len(name) + 3) &^ 3 }

// dirLayout divides the names of directory k. One that does not fit into a
// block is hashed where the kind has that, and otherwise just longer.
func (c *Content) dirLayout(k int) *dirLayout {
	l := &dirLayout{}
	for child := range c.tree.Children(k) {
		l.names = append(l.names, hashedName{0, int32(child), c.tree.Name(child)})
	}
	l.pack(dotsSize, blockSize-c.sums.dirTail())
	if len(l.leaves) == 1 || c.opt.Kind.profile().compat&compatDirIndex == 0 {
		return l
	}
	l.hashed = true
	seed := c.opt.hashSeed()
	for k := range l.names {
		l.names[k].hash = nameHash(l.names[k].name, seed)
	}
	slices.SortFunc(l.names, func(a, b hashedName) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), strings.Compare(a.name, b.name))
	})
	l.pack(0, leafFill)
	if len(l.leaves) > dxRootLimit {
		l.nodes = ceilDiv(len(l.leaves), dxNodeFill)
	}
	return l
}

// pack fills leaves of so many bytes; the first has some in use already.
func (l *dirLayout) pack(used, room int) {
	l.leaves = l.leaves[:0]
	from := 0
	for k := range l.names {
		size := recordSize(l.names[k].name)
		if used+size > room {
			l.leaves = append(l.leaves, leaf{from, k})
			from, used = k, 0
		}
		used += size
	}
	l.leaves = append(l.leaves, leaf{from, len(l.names)})
}

// blocks counts all blocks.
func (l *dirLayout) blocks() (int, error) {
	if !l.hashed {
		return len(l.leaves), nil
	}
	if len(l.leaves) > maxDirLeaves {
		return 0, fmt.Errorf("a directory of %d names, which is too large", len(l.names))
	}
	return 1 + l.nodes + len(l.leaves), nil
}
