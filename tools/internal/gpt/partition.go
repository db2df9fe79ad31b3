package gpt

import (
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Partition is one entry in use.
type Partition struct {
	Number     int    `json:"number"` // counted from 1
	Name       string `json:"name"`
	Type       string `json:"type"`
	GUID       string `json:"guid"`
	Start      int64  `json:"start"` // bytes
	Size       int64  `json:"size"`  // bytes
	Attributes uint64 `json:"attributes"`
}

// Partition types, from vboot's firmware/include/gpt.h and the UEFI
// discoverable partitions list.
const (
	TypeKernel    = "FE3A2A5D-4F32-41A7-B725-ACCC3285A309"
	TypeRootfs    = "3CB8E202-3B7E-47DD-8A3C-7FF2A13CFCEC"
	TypeLinuxData = "0FC63DAF-8483-4772-8E79-3D69D8477DE4"
	TypeEFI       = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B"
)

// typeNames are what people and specs call the types.
func typeNames() map[string]string {
	return map[string]string{
		"linux-data": TypeLinuxData, "chromeos-kernel": TypeKernel, "chromeos-rootfs": TypeRootfs, "efi-system": TypeEFI,
	}
}

// TypeNames lists the names that ParseType knows.
func TypeNames() []string { return slices.Sorted(maps.Keys(typeNames())) }

// TypeName is what people call a type, its GUID where it has no name.
func TypeName(guid string) string {
	for name, g := range typeNames() {
		if g == guid {
			return name
		}
	}
	return guid
}

// ParseType gives the GUID of a type's name, or of a GUID in its text form. A
// GUID of zeros, an unused entry's, is none.
func ParseType(name string) (guid string, ok bool) {
	if guid, ok := typeNames()[name]; ok {
		return guid, true
	}
	// uuid.Parse takes other forms too.
	if id, err := uuid.Parse(name); err == nil && len(name) == len(id.String()) && id != uuid.Nil {
		return strings.ToUpper(name), true
	}
	return "", false
}
