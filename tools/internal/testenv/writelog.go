package testenv

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Request is one to a disk: a write of Count sectors of 512 bytes, or what Flags
// (package writelog's) say.
type Request struct {
	First, Count int
	Flags        uint64
}

// WriteLog is the log that QEMU's blklogwrites keeps of requests. The bytes that
// each wrote are all its number, from 1.
func WriteLog(requests ...Request) []byte {
	log := sector(0x6a736677736872, 1, uint64(len(requests)), 512)
	for i, r := range requests {
		log = slices.Concat(log, sector(uint64(r.First), uint64(r.Count), r.Flags), bytes.Repeat([]byte{byte(i + 1)}, r.Count*512))
	}
	return log
}

func sector(numbers ...uint64) []byte {
	b := make([]byte, 512)
	for i, n := range numbers {
		binary.LittleEndian.PutUint64(b[8*i:], n)
	}
	return b
}
