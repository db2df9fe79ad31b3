package mkext4

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"shimboot/tools/internal/ext4/ondisk"
)

const (
	xattrInodeOff = ondisk.OldInodeSize + ondisk.ExtraIsize // where attributes in the inode start
	xattrRoom     = inodeSize - xattrInodeOff - ondisk.XAttrInodeHeaderSize
)

// xattr is an attribute in the form of the disk.
type xattr struct {
	index uint8
	name  string // without prefix
	value []byte
}

func (x *xattr) size() int {
	return ondisk.XAttrEntrySize + ondisk.XAttrPad(len(x.name)) + ondisk.XAttrPad(len(x.value))
}

// diskXAttrs turns attributes by full name into sorted ones, and sums them up.
func diskXAttrs(attrs map[string][]byte) (out []xattr, size int, err error) {
	if len(attrs) == 0 {
		return nil, 0, nil
	}
	size = ondisk.XAttrEndSize
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
	if size > blockSize-ondisk.XAttrHeaderSize {
		return nil, 0, fmt.Errorf("%d bytes of attributes, want at most %d", size, blockSize-ondisk.XAttrHeaderSize)
	}
	return out, size, nil
}

func diskXAttr(full string, value []byte) (xattr, error) {
	switch full {
	case ondisk.ACLAccess:
		acl, err := ondisk.EncodeACL(value)
		return xattr{index: ondisk.XAttrACLAccess, value: acl}, err
	case ondisk.ACLDefault:
		acl, err := ondisk.EncodeACL(value)
		return xattr{index: ondisk.XAttrACLDefault, value: acl}, err
	}
	for _, index := range [...]uint8{ondisk.XAttrUser, ondisk.XAttrTrusted, ondisk.XAttrSecurity} {
		name, ok := strings.CutPrefix(full, ondisk.XAttrPrefix(index))
		if !ok {
			continue
		}
		if name == "" || len(name) > ondisk.MaxNameLen || strings.ContainsRune(name, 0) {
			return xattr{}, fmt.Errorf("name of %d bytes, want 1 to %d without NUL", len(name), ondisk.MaxNameLen)
		}
		return xattr{index, name, value}, nil
	}
	return xattr{}, errors.New("unknown kind of name, want user., trusted., security. or a POSIX ACL")
}

// needsXAttrBlock tells whether an entry's attributes need a block: where they
// do not fit into the inode, and always on ext2, whose driver in Linux looks
// for them nowhere else.
func (s *InodeSet) needsXAttrBlock(k int) (bool, error) {
	_, size, err := diskXAttrs(s.tree.XAttrs(k))
	return size > xattrRoom || size > 0 && s.opt.Kind == Ext2, err
}

// putXAttrs writes entries to b from byte at on and values from the end of b
// down; value offsets count from the start of b. It gives the entries' hash.
func putXAttrs(b []byte, at int, attrs []xattr) (hash uint32) {
	end := len(b)
	for _, x := range attrs {
		end -= ondisk.XAttrPad(len(x.value))
		copy(b[end:], x.value)
		e := ondisk.XAttrEntry{Index: x.index, Name: x.name, ValueSize: uint32(len(x.value)), Hash: ondisk.XAttrHash(x.name, x.value)}
		if len(x.value) > 0 {
			e.ValueOffset = uint16(end)
		}
		e.Put(b[at:])
		at += e.Len()
		hash = ondisk.XAttrBlockHash(hash, e.Hash)
	}
	return hash
}

// xattrBlock makes the block of an entry's attributes, without checksum.
func xattrBlock(attrs []xattr) []byte {
	b := make([]byte, blockSize)
	h := ondisk.XAttrHeader{References: 1, Blocks: 1, Hash: putXAttrs(b, ondisk.XAttrHeaderSize, attrs)}
	h.Put(b)
	return b
}
