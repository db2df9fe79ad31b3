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
	dotsSize     = 24                       // records of "." and ".."
	leafFill     = blockSize - blockSize/8  // bytes used in a new leaf, so that names can be added
	dxRootLimit  = (blockSize - 32) / 8     // entries in the root
	dxNodeLimit  = (blockSize - 8) / 8      // entries in an index block
	dxNodeFill   = dxNodeLimit * 7 / 8      // of those in use in a new one
	maxDirLeaves = dxRootLimit * dxNodeFill // leaves two levels can hold
)

// hashedName is a child with its hash.
type hashedName struct {
	hash uint32
	child
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

// dirLayout divides a directory with sorted children. One that does not fit
// into a block is hashed on ext4, and just longer on ext2.
func (f *forest) dirLayout(n *node) *dirLayout {
	l := &dirLayout{names: make([]hashedName, len(n.children))}
	for k, c := range n.children {
		l.names[k] = hashedName{0, c}
	}
	l.pack(dotsSize, blockSize)
	if len(l.leaves) == 1 || f.opt.Kind == Ext2 {
		return l
	}
	l.hashed = true
	seed := f.opt.hashSeed()
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
