package gpt

import (
	"bytes"
	"encoding/binary"
	"math"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/sparse"
)

const (
	// HeadSize is what the start of a disk takes, in bytes: a protective MBR,
	// the primary header and its entries.
	HeadSize = firstUsableLeast * SectorSize

	// TailSize is what its end takes, in bytes: the entries again, and the
	// backup header.
	TailSize = tableSize + SectorSize
)

// Head is the start of a disk, by itself: enough to know the whole table and
// to write it to a disk of another size.
type Head struct {
	raw  []byte
	size int64
}

// ReadHead checks the first HeadSize bytes of a disk by the firmware's rules.
func ReadHead(raw []byte) (*Head, error) {
	if err := checkCompressed(bytes.NewReader(raw)); err != nil {
		return nil, err
	}
	if len(raw) < HeadSize {
		return nil, badinput.New("image").Got("%d bytes", len(raw)).Want("a disk image")
	}
	h := &Head{raw: bytes.Clone(raw[:HeadSize])}
	last := binary.LittleEndian.Uint64(h.header()[hdrAlternateLBA:])
	if string(h.header()[:8]) != signature || last < firstUsableLeast || last >= math.MaxInt64/SectorSize {
		return nil, badinput.New("GPT").At(SectorSize).Got("none that can be read").
			Want("a primary partition table").Fix("the input is no disk image, or it is damaged")
	}
	h.size = int64(last+1) * SectorSize
	if at := binary.LittleEndian.Uint64(h.header()[hdrEntriesLBA:]); at != 2 {
		return nil, badinput.New("GPT entries").At(SectorSize+hdrEntriesLBA).Got("sector %d", at).Want("sector 2")
	}
	c := &checker{name: "primary", r: bytes.NewReader(h.raw), lba: 1, sectors: last + 1}
	if err := c.header(); err != nil {
		return nil, err
	}
	if len(c.problems) > 0 {
		return nil, &RulesError{c.problems}
	}
	return h, nil
}

func (h *Head) header() []byte { return h.raw[SectorSize:][:SectorSize] }

// Size is that of the disk that the table was made for, in bytes.
func (h *Head) Size() int64 { return h.size }

// Table gives the partitions.
func (h *Head) Table() (*Table, error) {
	return Read(sparse.Start(h.raw, h.size), h.size)
}

// For gives the table as a disk of size bytes has it, size a multiple of 512
// and not less than Size: HeadSize bytes for its start and TailSize for its
// end. Only what tells of the disk's size differs, so that no reader finds the
// backup anywhere but where it looks for it.
func (h *Head) For(size int64) (head, tail []byte) {
	last := uint64(size)/SectorSize - 1
	head = bytes.Clone(h.raw)
	if mbr := head[446:]; mbr[4] == 0xee { // the protective partition covers the disk
		binary.LittleEndian.PutUint32(mbr[12:], uint32(min(last, math.MaxUint32)))
	}
	le := binary.LittleEndian
	primary := head[SectorSize:][:SectorSize]
	le.PutUint64(primary[hdrAlternateLBA:], last)
	le.PutUint64(primary[hdrLastUsable:], last-tableSize/SectorSize-1)
	backup := bytes.Clone(primary)
	le.PutUint64(backup[hdrMyLBA:], last)
	le.PutUint64(backup[hdrAlternateLBA:], 1)
	le.PutUint64(backup[hdrEntriesLBA:], last-tableSize/SectorSize)
	seal(primary)
	seal(backup)
	return head, append(bytes.Clone(head[2*SectorSize:]), backup...)
}
