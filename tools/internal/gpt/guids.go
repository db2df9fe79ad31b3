package gpt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/google/uuid"
)

const (
	hdrDiskGUID   = 56
	entryTypeGUID = 0
	entryGUID     = 16
	guidSize      = 16
)

// WithGUIDs gives the same table with other GUIDs, of the disk and of each
// partition: of version 4 (RFC 9562), made of 16 bytes of random each. Types,
// names, attributes and places stay.
func (h *Head) WithGUIDs(random io.Reader) (*Head, error) {
	renewed := &Head{raw: bytes.Clone(h.raw), size: h.size}
	for guid := range renewed.guids() {
		id, err := uuid.NewRandomFromReader(random)
		if err != nil {
			return nil, fmt.Errorf("a GUID: %w", err)
		}
		copy(guid, id[:])
		swapGUID(guid)
	}
	header := renewed.header()
	binary.LittleEndian.PutUint32(header[hdrEntriesCRC:], crc32.ChecksumIEEE(renewed.raw[2*SectorSize:]))
	seal(header)
	return renewed, nil
}

// GUIDs gives the disk's and the partitions' in their text form, the disk's
// first.
func (h *Head) GUIDs() []string {
	var list []string
	for guid := range h.guids() {
		id := uuid.UUID(guid)
		swapGUID(id[:])
		list = append(list, strings.ToUpper(id.String()))
	}
	return list
}

// guids are where they lie in the table: the disk's, then those of the entries
// in use.
func (h *Head) guids() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if !yield(h.header()[hdrDiskGUID:][:guidSize]) {
			return
		}
		for at := 2 * SectorSize; at < len(h.raw); at += entrySize {
			entry := h.raw[at:][:entrySize]
			if !bytes.Equal(entry[entryTypeGUID:][:guidSize], make([]byte, guidSize)) && !yield(entry[entryGUID:][:guidSize]) {
				return
			}
		}
	}
}

// swapGUID changes between the order of the text form and that on disks, which
// has the first three fields as little-endian numbers (UEFI, appendix A).
func swapGUID(g []byte) {
	for _, field := range [][]byte{g[:4], g[4:6], g[6:8]} {
		slices.Reverse(field)
	}
}
