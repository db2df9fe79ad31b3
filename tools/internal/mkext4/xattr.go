package ext4

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// extraIsize is how much of the part behind the first 128 bytes of an inode is
// fields; attributes follow it.
const (
	extraIsize    = 32
	xattrInodeOff = oldInodeSize + extraIsize
	xattrRoom     = inodeSize - xattrInodeOff - xattrBodyHeader
	xattrEnd      = 4 // the null entry behind the last
)

// xattr is an attribute in the form of the disk.
type xattr struct {
	index uint8
	name  string // without prefix
	value []byte
}

func (x *xattr) size() int { return xattrEntrySize + (len(x.name)+3)&^3 + (len(x.value)+3)&^3 }

// diskXAttrs turns attributes by full name into sorted ones, and sums them up.
func diskXAttrs(attrs map[string][]byte) (out []xattr, size int, err error) {
	if len(attrs) == 0 {
		return nil, 0, nil
	}
	size = xattrEnd
	for full, value := range attrs {
		x, err := diskXAttr(full, value)
		if err != nil {
			return nil, 0, fmt.Errorf("attribute %q: %w", full, err)
		}
		out = append(out, x)
		size += x.size()
	}
	slices.SortFunc(out, func(a, b xattr) int { // the order of ext4_xattr_block_find
		return cmp.Or(cmp.Compare(a.index, b.index), cmp.Compare(len(a.name), len(b.name)), strings.Compare(a.name, b.name))
	})
	if size > blockSize-xattrBlockHeader {
		return nil, 0, fmt.Errorf("%d bytes of attributes, want at most %d", size, blockSize-xattrBlockHeader)
	}
	return out, size, nil
}

func diskXAttr(full string, value []byte) (xattr, error) {
	if isACL(full) {
		acl, err := encodeACL(value)
		index := slices.Index(xattrPrefixes[:], full)
		return xattr{index: uint8(index), value: acl}, err
	}
	for _, index := range [...]uint8{1, 4, 6} {
		name, ok := strings.CutPrefix(full, xattrPrefixes[index])
		if !ok {
			continue
		}
		if name == "" || len(name) > maxNameLen || strings.ContainsRune(name, 0) {
			return xattr{}, fmt.Errorf("name of %d bytes, want 1 to %d without NUL", len(name), maxNameLen)
		}
		return xattr{index, name, value}, nil
	}
	return xattr{}, errors.New("unknown kind of name, want user., trusted., security. or a POSIX ACL")
}

// needsXAttrBlock tells whether an entry's attributes need a block: where they
// do not fit into the inode, and always on ext2, whose driver in Linux looks
// for them nowhere else.
func (c *Content) needsXAttrBlock(k int) (bool, error) {
	_, size, err := diskXAttrs(c.tree.XAttrs(k))
	return size > xattrRoom || size > 0 && c.opt.Kind == Ext2, err
}

// putXAttrs writes entries to b from byte at on and values from the end of b
// down; value offsets count from the start of b. It gives the entries' hash.
func putXAttrs(b []byte, at int, attrs []xattr) (hash uint32) {
	le := binary.LittleEndian
	end := len(b)
	for _, x := range attrs {
		end -= (len(x.value) + 3) &^ 3
		copy(b[end:], x.value)
		e := b[at:]
		e[0], e[1] = uint8(len(x.name)), x.index
		if len(x.value) > 0 {
			le.PutUint16(e[2:], uint16(end))
		}
		le.PutUint32(e[8:], uint32(len(x.value)))
		h := x.hash()
		le.PutUint32(e[12:], h)
		copy(e[xattrEntrySize:], x.name)
		at += xattrEntrySize + (len(x.name)+3)&^3
		hash = hash<<16 ^ hash>>16 ^ h
	}
	return hash
}

// hash is e_hash: of the name by bytes, then of the value by words
// (ext4_xattr_hash_entry).
func (x *xattr) hash() (h uint32) {
	for i := range len(x.name) {
		h = h<<5 ^ h>>27 ^ uint32(x.name[i])
	}
	padded := append(slices.Clone(x.value), 0, 0, 0)
	for i := 0; i < len(x.value); i += 4 {
		h = h<<16 ^ h>>16 ^ binary.LittleEndian.Uint32(padded[i:])
	}
	return h
}

// xattrBlock makes the block of an entry's attributes, without checksum.
func xattrBlock(attrs []xattr) []byte {
	b := make([]byte, blockSize)
	hash := putXAttrs(b, xattrBlockHeader, attrs)
	le := binary.LittleEndian
	le.PutUint32(b, xattrMagic)
	le.PutUint32(b[4:], 1) // references
	le.PutUint32(b[8:], 1) // blocks
	le.PutUint32(b[12:], hash)
	return b
}
