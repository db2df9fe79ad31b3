// Package writelog reads what was written to a disk, in the order it was: the
// log of Linux' dm-log-writes, which QEMU's blklogwrites keeps as well.
//
//	log, err := writelog.Open(file, size)
//	for _, e := range log.Entries { … }
//
// The format is in Linux' Documentation/admin-guide/device-mapper/log-writes.rst
// and drivers/md/dm-log-writes.c, little endian. Sector 0 has magic, version,
// count of entries (64 bits each) and a sector's size (32). Then come the
// entries, one behind the other: a sector that begins with the disk's sector,
// count of sectors, flags and length of data (64 bits each), and the sectors
// that were written.
package writelog

import (
	"encoding/binary"
	"fmt"
	"io"

	"shimboot/tools/internal/badinput"
)

// Flags of an entry.
const (
	Flush   = 1 << 0 // what was written before is on the medium
	FUA     = 1 << 1 // this is on the medium as soon as it is done
	Discard = 1 << 2 // no data: the sectors' content is forgotten
	Mark    = 1 << 3 // no write: a name that somebody put into the log
)

const (
	magic     = 0x6a736677736872
	version   = 1
	maxSector = 1 << 16
)

// Entry is one request.
type Entry struct {
	Off, Len int64 // bytes of the disk; Len is 0 for a flush alone
	Flags    uint64
	data     int64 // where the log has the bytes
}

// Log is a log that was read.
type Log struct {
	Entries []Entry
	r       io.ReaderAt
}

// Open reads the entries of a log of size bytes. What is no log, or ends before
// its last entry does, is bad input.
func Open(r io.ReaderAt, size int64) (*Log, error) {
	super := make([]byte, 28)
	if size < int64(len(super)) {
		return nil, badinput.New("write log").Got("%d bytes", size).Want("at least %d", len(super))
	}
	if _, err := r.ReadAt(super, 0); err != nil {
		return nil, err
	}
	le := binary.LittleEndian
	if m, v := le.Uint64(super), le.Uint64(super[8:]); m != magic || v != version {
		return nil, badinput.New("write log").Got("magic %#x, version %d", m, v).Want("%#x and %d", uint64(magic), version)
	}
	sector := int64(le.Uint32(super[24:]))
	if sector < 512 || sector > maxSector || sector&(sector-1) != 0 {
		return nil, badinput.New("write log").Got("sectors of %d bytes", sector).Want("a power of two from 512 to %d", maxSector)
	}
	l := &Log{r: r}
	at := sector
	for i := range le.Uint64(super[16:]) {
		e, next, err := entry(r, at, size, sector)
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", i, err)
		}
		l.Entries = append(l.Entries, e)
		at = next
	}
	return l, nil
}

// entry reads the one at an offset, and tells where the next one is.
func entry(r io.ReaderAt, at, size, sector int64) (e Entry, next int64, err error) {
	if at > size-sector {
		return e, 0, badinput.New("write log").At(at).Got("its end").Want("an entry")
	}
	head := make([]byte, 32)
	if _, err := r.ReadAt(head, at); err != nil {
		return e, 0, err
	}
	le := binary.LittleEndian
	first, count, flags, length := le.Uint64(head), le.Uint64(head[8:]), le.Uint64(head[16:]), le.Uint64(head[24:])
	if most := uint64(1<<62) / uint64(sector); first > most || count > most {
		return e, 0, badinput.New("write log").At(at).Got("%d sectors from %d", count, first).Want("a part of a disk")
	}
	e = Entry{Off: int64(first) * sector, Len: int64(count) * sector, Flags: flags, data: at + sector}
	next = e.data
	switch {
	case flags&Discard != 0:
	case flags&Mark != 0: // its name is in its own sector
		e.Off, e.Len = 0, 0
		if length > uint64(sector) {
			return e, 0, badinput.New("write log").At(at).Got("a mark of %d bytes", length).Want("one of a sector")
		}
	default:
		next += e.Len
	}
	if next > size {
		return e, 0, badinput.New("write log").At(size).Got("its end").Want("an entry's data, up to %d", next)
	}
	return e, next, nil
}

// Writes tells whether an entry has data.
func (e Entry) Writes() bool { return e.Len > 0 && e.Flags&Discard == 0 }

// Data gives what an entry wrote, nil where it has no data.
func (l *Log) Data(e Entry) ([]byte, error) {
	if !e.Writes() {
		return nil, nil
	}
	data := make([]byte, e.Len)
	_, err := l.r.ReadAt(data, e.data)
	return data, err
}
