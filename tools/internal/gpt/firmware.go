package gpt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"sort"
	"strings"

	"shimboot/tools/internal/badinput"
)

// RulesError is a table that firmware does not accept.
type RulesError struct{ Problems []string }

func (e *RulesError) Error() string { return e.Unwrap().Error() }

// Unwrap gives the error that blames the input.
func (e *RulesError) Unwrap() error {
	return badinput.New("GPT").At(SectorSize).Got("%s", strings.Join(e.Problems, "; ")).Want("a table that firmware accepts")
}

// CheckFirmware runs the firmware's own checks on the tables of a disk of size
// bytes, both the primary and the backup, and lists what breaks a rule; none
// means that ChromeOS firmware accepts the disk.
func CheckFirmware(r io.ReaderAt, size int64) ([]string, error) {
	if err := checkSize(size); err != nil {
		return nil, err
	}
	var problems []string
	var tables [2][]byte
	for i, name := range []string{"primary", "backup"} {
		lba := uint64(1)
		if name == "backup" {
			lba = uint64(size)/SectorSize - 1
		}
		c := &checker{name: name, r: r, lba: lba, sectors: uint64(size) / SectorSize}
		if err := c.header(); err != nil {
			return nil, err
		}
		problems = append(problems, c.problems...)
		tables[i] = c.entries
	}
	if tables[0] != nil && tables[1] != nil && !bytes.Equal(tables[0], tables[1]) {
		problems = append(problems, "the primary and the backup entries differ")
	}
	return problems, nil
}

type checker struct {
	name     string
	r        io.ReaderAt
	lba      uint64
	sectors  uint64
	h        []byte
	entries  []byte
	problems []string
}

func (c *checker) want(ok bool, format string, args ...any) {
	if !ok {
		c.problems = append(c.problems, c.name+" table: "+fmt.Sprintf(format, args...))
	}
}

func (c *checker) u32(off int) uint32 { return binary.LittleEndian.Uint32(c.h[off:]) }
func (c *checker) u64(off int) uint64 { return binary.LittleEndian.Uint64(c.h[off:]) }

// header follows CheckHeader of cgptlib.
func (c *checker) header() error {
	c.h = make([]byte, SectorSize)
	if _, err := c.r.ReadAt(c.h, int64(c.lba)*SectorSize); err != nil {
		return fmt.Errorf("reading the %s table: %w", c.name, err)
	}
	sig := string(c.h[:8])
	c.want(sig == signature || sig == "CHROMEOS", "signature %q, want %q", sig, signature)
	c.want(c.u32(hdrRevision) == 0x10000, "revision 0x%x, want 0x10000", c.u32(hdrRevision))
	n := c.u32(hdrSize)
	c.want(n >= hdrMinSize && n <= SectorSize, "header of %d bytes, want %d to %d", n, hdrMinSize, SectorSize)
	if len(c.problems) > 0 {
		return nil
	}
	crc := crc32.NewIEEE()
	crc.Write(c.h[:hdrCRC])
	crc.Write(make([]byte, 4))
	crc.Write(c.h[hdrCRC+4 : n])
	c.want(crc.Sum32() == c.u32(hdrCRC), "header checksum 0x%08x, want 0x%08x", c.u32(hdrCRC), crc.Sum32())
	c.want(c.u32(hdrReserved) == 0, "reserved field 0x%x, want 0", c.u32(hdrReserved))
	c.want(c.u32(hdrEntrySize) == entrySize, "entries of %d bytes, want %d", c.u32(hdrEntrySize), entrySize)
	c.want(c.u32(hdrEntryCount) == entryCount, "%d entries, want %d", c.u32(hdrEntryCount), entryCount)
	c.want(c.u64(hdrMyLBA) == c.lba, "says it is at sector %d, is at %d", c.u64(hdrMyLBA), c.lba)
	entries := c.u64(hdrEntriesLBA)
	if c.name == "primary" {
		last := c.sectors - tableSize/SectorSize
		c.want(entries >= 2 && entries <= last, "entries at sector %d, want 2 to %d", entries, last)
	} else {
		c.want(entries == c.lba-tableSize/SectorSize, "entries at sector %d, want %d", entries, c.lba-tableSize/SectorSize)
	}
	first, last := c.u64(hdrFirstUsable), c.u64(hdrLastUsable)
	c.want(first >= firstUsableLeast, "first usable sector %d, want at least %d", first, firstUsableLeast)
	c.want(last < c.sectors-tableSize/SectorSize-1 && last >= first, "last usable sector %d, want %d to %d",
		last, first, c.sectors-tableSize/SectorSize-2)
	if len(c.problems) > 0 {
		return nil
	}
	return c.table(entries, first, last)
}

// table follows CheckEntries of cgptlib.
func (c *checker) table(lba, first, last uint64) error {
	c.entries = make([]byte, tableSize)
	if _, err := c.r.ReadAt(c.entries, int64(lba)*SectorSize); err != nil {
		return fmt.Errorf("reading the %s table's entries: %w", c.name, err)
	}
	sum := crc32.ChecksumIEEE(c.entries)
	c.want(sum == c.u32(hdrEntriesCRC), "entries' checksum 0x%08x, want 0x%08x", c.u32(hdrEntriesCRC), sum)
	type span struct {
		number     int
		start, end uint64
	}
	var spans []span
	guids := map[string]int{}
	for i := range entryCount {
		e := c.entries[i*entrySize:][:entrySize]
		if bytes.Equal(e[:16], make([]byte, 16)) {
			continue
		}
		s := span{i + 1, binary.LittleEndian.Uint64(e[32:]), binary.LittleEndian.Uint64(e[40:])}
		c.want(s.start >= first && s.end <= last && s.start <= s.end,
			"partition %d is at sectors %d to %d, want them within %d to %d", s.number, s.start, s.end, first, last)
		guid := string(e[16:32])
		c.want(guids[guid] == 0, "partitions %d and %d have the same unique GUID", guids[guid], s.number)
		guids[guid] = s.number
		spans = append(spans, s)
	}
	sort.Slice(spans, func(i, j int) bool { return spans[i].start < spans[j].start })
	for i := 1; i < len(spans); i++ {
		c.want(spans[i].start > spans[i-1].end, "partitions %d and %d overlap", spans[i-1].number, spans[i].number)
	}
	return nil
}
