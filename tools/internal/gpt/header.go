package gpt

import (
	"encoding/binary"
	"hash/crc32"
	"io"
)

// The numbers that ChromeOS firmware insists on (firmware/lib/cgptlib and
// firmware/lib/include/gpt.h in vboot). Positions are of the header's fields.
const (
	entrySize  = 128
	entryCount = 128
	tableSize  = entrySize * entryCount
	signature  = "EFI PART"

	hdrRevision     = 8
	hdrSize         = 12
	hdrCRC          = 16
	hdrReserved     = 20
	hdrMyLBA        = 24
	hdrAlternateLBA = 32
	hdrFirstUsable  = 40
	hdrLastUsable   = 48
	hdrEntriesLBA   = 72
	hdrEntryCount   = 80
	hdrEntrySize    = 84
	hdrEntriesCRC   = 88
	hdrMinSize      = 92

	// Firmware accepts a damaged copy of the table; an image should have none.
	firstUsableLeast = 2 + tableSize/SectorSize
)

// seal makes a header's checksum right.
func seal(h []byte) {
	clear(h[hdrCRC:][:4])
	sum := crc32.ChecksumIEEE(h[:binary.LittleEndian.Uint32(h[hdrSize:])])
	binary.LittleEndian.PutUint32(h[hdrCRC:], sum)
}

// Is tells whether a disk has the signature of a primary table.
func Is(r io.ReaderAt) bool {
	found := make([]byte, len(signature))
	// A failing read counts as none: who reads the table says why.
	_, _ = r.ReadAt(found, SectorSize)
	return string(found) == signature
}
