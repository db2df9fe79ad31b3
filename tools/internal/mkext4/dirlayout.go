package mkext4

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"shimboot/tools/internal/ext4/ondisk"
)

const (
	leafFill     = blockSize - blockSize/8 // bytes used in a new leaf, so that names can be added
	dxRootLimit  = (blockSize - ondisk.DxRootEntries - ondisk.DxTailSize) / ondisk.DxEntrySize
	dxNodeLimit  = (blockSize - ondisk.DxNodeEntries - ondisk.DxTailSize) / ondisk.DxEntrySize
	dxNodeFill   = dxNodeLimit * 7 / 8      // entries in use in a new node that is not the root
	maxDirLeaves = dxRootLimit * dxNodeFill // leaves two levels can hold

	maxDirNames = 512 << 10 // of one directory, as package ext4 reads
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
	nodes  int // of the index, besides its root
}

// dirLayout divides the names of directory k. One that does not fit into a
// block is hashed where the kind has that, and otherwise just longer.
func (s *InodeSet) dirLayout(k int) (*dirLayout, error) {
	count := 0
	for range s.tree.Children(k) {
		count++
	}
	if count > maxDirNames {
		return nil, fmt.Errorf("a directory of %d names, want at most %d", count, maxDirNames)
	}
	l := &dirLayout{names: make([]hashedName, 0, count)}
	for child := range s.tree.Children(k) {
		l.names = append(l.names, hashedName{0, int32(child), s.tree.Name(child)})
	}
	l.pack(ondisk.DotsLen, blockSize-s.sums.dirTail())
	if len(l.leaves) == 1 || s.opt.Kind.profile().compat&ondisk.CompatDirIndex == 0 {
		return l, nil
	}
	l.hashed = true
	seed := s.opt.hashSeed()
	for k := range l.names {
		l.names[k].hash = ondisk.NameHash(l.names[k].name, seed)
	}
	slices.SortFunc(l.names, func(a, b hashedName) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), strings.Compare(a.name, b.name))
	})
	l.pack(0, leafFill)
	if len(l.leaves) > dxRootLimit {
		l.nodes = ceilDiv(len(l.leaves), dxNodeFill)
	}
	return l, nil
}

// pack fills leaves of so many bytes; the first has some in use already.
func (l *dirLayout) pack(used, room int) {
	l.leaves = l.leaves[:0]
	from := 0
	for k := range l.names {
		size := ondisk.DirEntryLen(l.names[k].name)
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
