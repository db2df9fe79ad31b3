package ext4

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
	aclUser         = 0x02
	aclGroup        = 0x08
	aclNoID         = 0xFFFFFFFF
)

func isACL(name string) bool {
	return name == "system.posix_acl_access" || name == "system.posix_acl_default"
}

func aclHasID(tag uint16) bool { return tag == aclUser || tag == aclGroup }

// decodeACL turns the form on disk into that of getxattr(2).
func decodeACL(b []byte) ([]byte, error) {
	le := binary.LittleEndian
	if len(b) < 4 || le.Uint32(b) != aclDiskVersion {
		return nil, fmt.Errorf("%d bytes without version %d", len(b), aclDiskVersion)
	}
	out := le.AppendUint32(nil, aclXAttrVersion)
	for b = b[4:]; len(b) > 0; {
		if len(b) < 4 || aclHasID(le.Uint16(b)) && len(b) < 8 {
			return nil, fmt.Errorf("an entry of %d bytes", len(b))
		}
		out = append(out, b[:4]...)
		if aclHasID(le.Uint16(b)) {
			out, b = append(out, b[4:8]...), b[8:]
			continue
		}
		out, b = le.AppendUint32(out, aclNoID), b[4:]
	}
	return out, nil
}

// encodeACL is the inverse of decodeACL.
func encodeACL(b []byte) ([]byte, error) {
	le := binary.LittleEndian
	if len(b) < 4 || le.Uint32(b) != aclXAttrVersion || len(b)%8 != 4 {
		return nil, fmt.Errorf("an access control list of %d bytes that is not of version %d", len(b), aclXAttrVersion)
	}
	out := le.AppendUint32(nil, aclDiskVersion)
	for b = b[4:]; len(b) > 0; b = b[8:] {
		out = append(out, b[:4]...)
		if aclHasID(le.Uint16(b)) {
			out = append(out, b[4:8]...)
		}
	}
	return out, nil
}
