package ext4

import (
	"fmt"

	"shimboot/tools/internal/ext4/ondisk"
)

// inlineDataName is the name of the attribute with the rest of inline data. It is
// no attribute to who asks for those.
const inlineDataName = "data"

// XAttrs reads the extended attributes by full name, such as
// "security.capability". ACLs come in the form getxattr(2) gives them.
func (i *Inode) XAttrs() (map[string][]byte, error) {
	out := map[string][]byte{}
	add := func(index uint8, name string, value []byte, at int64) error {
		if index == ondisk.XAttrSystem && name == inlineDataName {
			return nil
		}
		prefix := ondisk.XAttrPrefix(index)
		if prefix == "" {
			return badf(at, "name index of an extended attribute", index, "1 to 4 or 6 to 8")
		}
		full := prefix + name
		if ondisk.IsACL(full) {
			acl, err := ondisk.DecodeACL(value)
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
	start := ondisk.OldInodeSize + i.extra
	if i.extra == 0 || !ondisk.HasXAttrMagic(i.raw[start:]) {
		return nil
	}
	start += ondisk.XAttrInodeHeaderSize
	area := i.raw[start:]
	return i.walkXAttrs(area, area, i.pos+int64(start), fn)
}

// blockXAttrs walks the attributes in the block of their own.
func (i *Inode) blockXAttrs(fn xattrFunc) error {
	if i.fileACL == 0 {
		return nil
	}
	b, err := i.fs.block(i.fileACL, fmt.Sprintf("attribute block of inode %d", i.Ino), i.pos+ondisk.InodeFileACLOffset)
	if err != nil {
		return err
	}
	pos := int64(i.fileACL) * i.fs.bs
	h, err := ondisk.ParseXAttrHeader(b, pos)
	if err != nil {
		return err
	}
	if err := i.fs.checkXAttrBlock(&h, i.fileACL, b, pos); err != nil {
		return err
	}
	return i.walkXAttrs(b[ondisk.XAttrHeaderSize:], b, pos+ondisk.XAttrHeaderSize, fn)
}

// walkXAttrs reads entries up to the end of the list; values are offsets in base.
func (i *Inode) walkXAttrs(entries, base []byte, pos int64, fn xattrFunc) error {
	for {
		e, more, err := ondisk.ParseXAttrEntry(entries, pos)
		if err != nil || !more {
			return err
		}
		value, err := i.xattrValue(&e, base, pos)
		if err != nil {
			return err
		}
		if err := fn(e.Index, e.Name, value, pos); err != nil {
			return err
		}
		step := min(e.Len(), len(entries))
		entries, pos = entries[step:], pos+int64(step)
	}
}

// xattrValue gives the value of an entry, which is at pos.
func (i *Inode) xattrValue(e *ondisk.XAttrEntry, base []byte, pos int64) ([]byte, error) {
	off, size := uint64(e.ValueOffset), uint64(e.ValueSize)
	if e.ValueInode != 0 {
		return i.fs.xattrInode(e.ValueInode, size, pos+ondisk.XAttrValueInodeOffset)
	}
	if size > uint64(len(base)) || off > uint64(len(base))-size {
		return nil, badf(pos+ondisk.XAttrValueOffset, "attribute value", fmt.Sprintf("%d bytes at %d", size, off), "bytes within %d", len(base))
	}
	return base[off : off+size], nil
}

// xattrInode reads a value too large for a block, which has an inode (ea_inode).
func (f *FS) xattrInode(ino uint32, size uint64, at int64) ([]byte, error) {
	i, err := f.inode(ino, at)
	if err != nil {
		return nil, err
	}
	if i.Flags&ondisk.FlagEAInode == 0 || size > maxXAttrSize || uint64(i.Size) != size {
		return nil, badf(at, "attribute value inode", fmt.Sprintf("inode %d of %d bytes, flags 0x%x", ino, i.Size, i.Flags), "an attribute inode of %d bytes", size)
	}
	d, err := i.data()
	if err != nil {
		return nil, err
	}
	return d.readAll()
}

// inlineData gives the content that is in the inode: the 60 bytes of i_block
// and the value of the attribute "system.data".
func (i *Inode) inlineData() ([]byte, error) {
	out := append([]byte{}, i.iblock...)
	err := i.bodyXAttrs(func(index uint8, name string, value []byte, _ int64) error {
		if index == ondisk.XAttrSystem && name == inlineDataName {
			out = append(out[:ondisk.InodeBlockSize], value...)
		}
		return nil
	})
	return out, err
}
