package gpt

import (
	"encoding/binary"
	"errors"
	"io"
)

// An MBR's partitions (UEFI, 5.2.1).
const (
	mbrEntries    = 446
	mbrEntrySize  = 16
	mbrEntryType  = 4
	mbrEntryStart = 8
	mbrEntrySecs  = 12
	mbrSignature  = 510
	mbrActive     = 0x80
)

// HasTable tells whether a disk of size bytes has a partition table, by its
// looks: a primary or a backup GPT, or an MBR with a partition.
func HasTable(r io.ReaderAt, size int64) (bool, error) {
	if size < 2*SectorSize {
		return false, nil
	}
	head := make([]byte, SectorSize)
	for _, at := range []int64{SectorSize, size&^(SectorSize-1) - SectorSize, 0} {
		if _, err := r.ReadAt(head, at); err != nil && !errors.Is(err, io.EOF) {
			return false, err
		}
		if at > 0 && string(head[:len(signature)]) == signature {
			return true, nil
		}
	}
	return hasMBR(head, uint64(size)/SectorSize), nil
}

// hasMBR tells an MBR from the boot sector of a file system, which has the same
// signature, and code where the partitions would be.
func hasMBR(sector []byte, sectors uint64) bool {
	if binary.LittleEndian.Uint16(sector[mbrSignature:]) != 0xaa55 {
		return false
	}
	used := false
	for at := mbrEntries; at < mbrSignature; at += mbrEntrySize {
		e := sector[at:][:mbrEntrySize]
		start, count := binary.LittleEndian.Uint32(e[mbrEntryStart:]), binary.LittleEndian.Uint32(e[mbrEntrySecs:])
		if e[0]&^mbrActive != 0 {
			return false
		}
		if e[mbrEntryType] == 0 {
			continue
		}
		if start == 0 || count == 0 || uint64(start) >= sectors {
			return false
		}
		used = true
	}
	return used
}
