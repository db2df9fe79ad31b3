package ext4

import (
	"encoding/binary"
	"fmt"
)

// Extended attributes lie behind the inode's fields, in one block of their
// own, or both (fs/ext4/xattr.h). Either way there is a list of 16-byte
// entries, each followed by the name without its prefix, and values that the
// entries point to.
const (
	xattrMagic       = 0xEA020000
	xattrEntrySize   = 16
	xattrBlockHeader = 32
	xattrBodyHeader  = 4
	xattrSystem      = 7 // index of "system."; the attribute "data" is inline data
)

// xattrPrefixes gives the prefix that stands for a name index.
var xattrPrefixes = [...]string{
	1: "user.", 2: "system.posix_acl_access", 3: "system.posix_acl_default",
	4: "trusted.", 6: "security.", 7: "system.", 8: "system.richacl",
}

// XAttrs reads the extended attributes by full name, such as
// "security.capability". ACLs come in the form getxattr(2) gives them.
func (i *Inode) XAttrs() (map[string][]byte, error) {
	out := map[string][]byte{}
	add := func(index uint8, name string, value []byte, at int64) error {
		if index == xattrSystem && name == "data" {
			return nil
		}
		if int(index) >= len(xattrPrefixes) || xattrPrefixes[index] == "" {
			return badf(at, "name index of an extended attribute", index, "1 to 4 or 6 to 8")
		}
		full := xattrPrefixes[index] + name
		if isACL(full) {
			acl, err := decodeACL(value)
			if err != nil {
				return badf(at, full+" of inode "+fmt.Sprint(i.Ino), err, "an access control list")
			}
			value = acl
		}
		out[full] = append([]byte{}, value...)
		return nil
	}
	if err := i.bodyXAttrs(add); err != nil {
		return nil, err
	}
	if err := i.blockXAttrs(add); err != nil {
		return nil, err
	}
	return out, nil
}

// xattrFunc is called for each attribute; value is not to be kept.
type xattrFunc func(index uint8, name string, value []byte, at int64) error

// bodyXAttrs walks the attributes in the inode.
func (i *Inode) bodyXAttrs(fn xattrFunc) error {
	start := oldInodeSize + i.extra()
	if i.extra() == 0 || len(i.raw) < start+xattrBodyHeader || binary.LittleEndian.Uint32(i.raw[start:]) != xattrMagic {
		return nil
	}
	start += xattrBodyHeader
	area := i.raw[start:]
	return i.walkXAttrs(area, area, i.pos+int64(start), fn)
}

// blockXAttrs walks the attributes in the block of their own.
func (i *Inode) blockXAttrs(fn xattrFunc) error {
	if i.acl == 0 {
		return nil
	}
	b, err := i.fs.block(i.acl, fmt.Sprintf("attribute block of inode %d", i.Ino), i.pos+0x68)
	if err != nil {
		return err
	}
	pos := int64(i.acl) * i.fs.bs
	if m := binary.LittleEndian.Uint32(b); m != xattrMagic {
		return badf(pos, "attribute block magic", fmt.Sprintf("0x%08x", m), "0x%08x", uint32(xattrMagic))
	}
	if err := i.fs.verify.checkXAttrBlock(i.acl, b, pos); err != nil {
		return err
	}
	return i.walkXAttrs(b[xattrBlockHeader:], b, pos+xattrBlockHeader, fn)
}

// walkXAttrs reads entries up to the null entry; values are offsets in base.
func (i *Inode) walkXAttrs(entries, base []byte, pos int64, fn xattrFunc) error {
	le := binary.LittleEndian
	for len(entries) >= 4 && le.Uint32(entries) != 0 {
		nameLen := int(entries[0])
		if len(entries) < xattrEntrySize+nameLen {
			return badf(pos, "attribute entry", fmt.Sprintf("%d bytes left", len(entries)), "%d", xattrEntrySize+nameLen)
		}
		off, size := uint64(le.Uint16(entries[2:])), uint64(le.Uint32(entries[8:]))
		var value []byte
		if ino := le.Uint32(entries[4:]); ino != 0 {
			v, err := i.fs.xattrInode(ino, size, pos+4)
			if err != nil {
				return err
			}
			value = v
		} else {
			if size > uint64(len(base)) || off > uint64(len(base))-size {
				return badf(pos+2, "attribute value", fmt.Sprintf("%d bytes at %d", size, off), "bytes within %d", len(base))
			}
			value = base[off : off+size]
		}
		name := string(entries[xattrEntrySize : xattrEntrySize+nameLen])
		if err := fn(entries[1], name, value, pos); err != nil {
			return err
		}
		step := min(xattrEntrySize+(nameLen+3)&^3, len(entries))
		entries, pos = entries[step:], pos+int64(step)
	}
	return nil
}

// xattrInode reads a value too large for a block, which has an inode (ea_inode).
func (f *FS) xattrInode(ino uint32, size uint64, at int64) ([]byte, error) {
	i, err := f.inode(ino, at)
	if err != nil {
		return nil, err
	}
	if i.Flags&flagEAInode == 0 || size > maxXAttrSize || uint64(i.Size) != size {
		return nil, badf(at, "attribute value inode", fmt.Sprintf("inode %d of %d bytes, flags 0x%x", ino, i.Size, i.Flags), "an attribute inode of %d bytes", size)
	}
	c, err := i.content()
	if err != nil {
		return nil, err
	}
	return c.readAll()
}

// inlineData gives the content that is in the inode: the 60 bytes of i_block
// and the value of the attribute "system.data".
func (i *Inode) inlineData() ([]byte, error) {
	out := append([]byte{}, i.iblock...)
	err := i.bodyXAttrs(func(index uint8, name string, value []byte, _ int64) error {
		if index == xattrSystem && name == "data" {
			out = append(out[:iblockSize], value...)
		}
		return nil
	})
	return out, err
}
