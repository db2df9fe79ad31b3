package ondisk

import (
	"encoding/binary"
	"fmt"
)

// POSIX ACLs have two forms. On disk (fs/ext4/acl.h) they start with version 1
// and an entry is tag and permissions, 16 bits each, with a 32-bit id only for
// named users and groups. For setxattr(2) (linux/posix_acl_xattr.h) they start
// with version 2 and every entry has the id. Tools keep the second.
const (
	aclDiskVersion  = 1
	aclXAttrVersion = 2
	aclVersionSize  = 4
	aclShortEntry   = 4 // bytes of tag and permissions
	aclEntry        = 8 // bytes of those and an id
	aclUser         = 0x02
	aclGroup        = 0x08
	aclNoID         = 0xFFFFFFFF
)

// Names of the attributes that are ACLs.
const (
	ACLAccess  = "system.posix_acl_access"
	ACLDefault = "system.posix_acl_default"
)

// IsACL tells whether an attribute is an ACL, by its full name.
func IsACL(name string) bool { return name == ACLAccess || name == ACLDefault }

// aclEntryLen is the length of the entry at the start of b on disk.
func aclEntryLen(b []byte) int {
	if tag := binary.LittleEndian.Uint16(b); tag == aclUser || tag == aclGroup {
		return aclEntry
	}
	return aclShortEntry
}

// DecodeACL turns the form on disk into that of getxattr(2).
func DecodeACL(b []byte) ([]byte, error) {
	le := binary.LittleEndian
	if len(b) < aclVersionSize || le.Uint32(b) != aclDiskVersion {
		return nil, fmt.Errorf("%d bytes without version %d", len(b), aclDiskVersion)
	}
	out := le.AppendUint32(nil, aclXAttrVersion)
	for b = b[aclVersionSize:]; len(b) > 0; {
		if len(b) < aclShortEntry || len(b) < aclEntryLen(b) {
			return nil, fmt.Errorf("an entry of %d bytes", len(b))
		}
		n := aclEntryLen(b)
		if out = append(out, b[:n]...); n == aclShortEntry {
			out = le.AppendUint32(out, aclNoID)
		}
		b = b[n:]
	}
	return out, nil
}

// EncodeACL is the inverse of DecodeACL.
func EncodeACL(b []byte) ([]byte, error) {
	le := binary.LittleEndian
	if len(b) < aclVersionSize || le.Uint32(b) != aclXAttrVersion || len(b)%aclEntry != aclVersionSize {
		return nil, fmt.Errorf("an access control list of %d bytes that is not of version %d", len(b), aclXAttrVersion)
	}
	out := le.AppendUint32(nil, aclDiskVersion)
	for b = b[aclVersionSize:]; len(b) > 0; b = b[aclEntry:] {
		out = append(out, b[:aclEntryLen(b)]...)
	}
	return out, nil
}
