// Package fat reads FAT12, FAT16 and FAT32 file systems with long names, from
// nothing but an io.ReaderAt:
//
//	fsys, err := fat.Open(r, size)
//	list, err := fsys.List()
//	data, err := fsys.ReadFile("dev_image/etc/lsb-factory")
//
// What another program made of one, it writes so that the power may be cut:
//
//	err := fat.Replace(disk, fsys, changed)
//
// It also knows what one can hold, and how large it has to be for that (package
// mtools makes it):
//
//	need, err := fat.Measure(tree)
//	free, err := need.Free(size)
//
// Nothing read is trusted: whatever the bytes are, the answer is content or
// bad input. The format is that of Microsoft's "FAT: General Overview of
// On-Disk Format" 1.03; all numbers are little-endian.
package fat

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"shimboot/tools/internal/badinput"
)

// maxTable bounds the table that is read into memory: enough for 128 GB.
const maxTable = 16 << 20

// FS is a file system opened for reading.
type FS struct {
	r         io.ReaderAt
	bits      int    // of a table's entry: 12, 16 or 32
	table     []byte // whole sectors
	tables    int64  // how many copies
	tableAt   int64  // offset of the first
	tableSize int64  // bytes of one
	clusters  int64  // numbered from 2
	cluster   int64  // bytes of one
	data      int64  // offset of the first
	root      extent
	label     string
}

// extent is where a directory or a file is: a chain of clusters, or, for the
// root of FAT12 and FAT16, a fixed place.
type extent struct {
	first int64 // cluster
	at    int64 // offset, where there is no cluster
	size  int64 // bytes; -1: as long as the chain
}

// Open reads the boot sector and the table of a file system that starts at
// byte 0 of r and has size bytes or less.
func Open(r io.ReaderAt, size int64) (*FS, error) {
	b := make([]byte, 512)
	if err := readFull(r, b, 0); err != nil {
		return nil, err
	}
	le := binary.LittleEndian
	u16 := func(off int) int64 { return int64(le.Uint16(b[off:])) }
	sector, perCluster, reserved, tables := u16(11), int64(b[13]), u16(14), int64(b[16])
	entries, total, length := u16(17), u16(19), u16(22)
	if total == 0 {
		total = int64(le.Uint32(b[32:]))
	}
	is32 := length == 0
	if is32 {
		length = int64(le.Uint32(b[36:]))
	}
	powerOf2 := func(n, least, most int64) bool { return n >= least && n <= most && n&(n-1) == 0 }
	if b[510] != 0x55 || b[511] != 0xaa || !powerOf2(sector, 512, 4096) || !powerOf2(perCluster, 1, 128) || reserved == 0 ||
		tables == 0 || length == 0 {
		return nil, badinput.New("boot sector").At(0).Got("none of a FAT").Want("one")
	}
	rootAt := reserved + tables*length
	dataAt := rootAt + (entries*entrySize+sector-1)/sector
	f := &FS{r: r, cluster: sector * perCluster, data: dataAt * sector, clusters: (total - dataAt) / perCluster}
	f.tables, f.tableAt, f.tableSize = tables, reserved*sector, length*sector
	if total*sector > size || f.clusters < 1 {
		return nil, badinput.New("size of the FAT").At(32).Got("%d sectors", total).Want("more than %d, and at most %d bytes", dataAt, size)
	}
	f.root = extent{at: rootAt * sector, size: entries * entrySize}
	f.label = label(b[43:54])
	switch {
	case f.clusters < 4085:
		f.bits = 12
	case f.clusters < 65525:
		f.bits = 16
	default:
		f.bits = 32
	}
	if is32 != (f.bits == 32) {
		return nil, badinput.New("clusters of the FAT").At(36).Got("%d", f.clusters).Want("as many as its type has")
	}
	if is32 {
		f.root = extent{first: int64(le.Uint32(b[44:])), size: -1}
		f.label = label(b[71:82])
	}
	return f, f.readTable()
}

func (f *FS) readTable() error {
	need := ((f.clusters+2)*int64(f.bits) + 7) / 8
	if need > f.tableSize || need > maxTable {
		return badinput.New("table of the FAT").At(f.tableAt).Got("%d bytes for %d clusters", f.tableSize, f.clusters).
			Want("%d, and at most %d", need, maxTable)
	}
	f.table = make([]byte, (need+sector-1)/sector*sector)
	return readFull(f.r, f.table, f.tableAt)
}

// label is "" where mkfs.fat was given none.
func label(b []byte) string {
	s := strings.TrimRight(string(b), " ")
	if s == "NO NAME" {
		return ""
	}
	return s
}

// Label is the volume's name.
func (f *FS) Label() string { return f.label }

// Free counts the bytes in free clusters.
func (f *FS) Free() int64 {
	var n int64
	for c := int64(2); c < f.clusters+2; c++ {
		if f.next(c) == 0 {
			n += f.cluster
		}
	}
	return n
}

// Takes is how many bytes of clusters a file of size bytes has.
func (f *FS) Takes(size int64) int64 { return (size + f.cluster - 1) / f.cluster * f.cluster }

// Size counts the bytes in all clusters.
func (f *FS) Size() int64 { return f.clusters * f.cluster }

// next is a cluster's entry in the table.
func (f *FS) next(c int64) int64 {
	le := binary.LittleEndian
	switch f.bits {
	case 12:
		at := c * 3 / 2
		n := int64(f.table[at]) | int64(f.table[min(at+1, int64(len(f.table))-1)])<<8
		return n >> (4 * (c % 2)) & 0xfff
	case 16:
		return int64(le.Uint16(f.table[2*c:]))
	}
	return int64(le.Uint32(f.table[4*c:]) & 0xfffffff)
}

// read reads the whole of what e is, at most limit bytes. Of a directory it
// notes the clusters in seen, and refuses one that is there: what is read of all
// directories is no more than the file system holds.
func (f *FS) read(e extent, limit int64, seen []bool) ([]byte, error) {
	if e.size > limit {
		return nil, badinput.New("file").Got("%d bytes", e.size).Want("at most %d", limit)
	}
	if e.at != 0 {
		b := make([]byte, e.size)
		return b, readFull(f.r, b, e.at)
	}
	var out []byte
	end := int64(1)<<min(f.bits, 28) - 8 // and above: the end of a chain
	for c := e.first; e.size < 0 && c < end || int64(len(out)) < e.size; c = f.next(c) {
		if c < 2 || c >= f.clusters+2 {
			return nil, badinput.New("chain from cluster %d", e.first).Got("cluster %d in it", c).Want("2 to %d", f.clusters+1)
		}
		if seen != nil && seen[c] {
			return nil, badinput.New("chain from cluster %d", e.first).Got("cluster %d in it", c).Want("one of no other directory")
		}
		if seen != nil {
			seen[c] = true
		}
		n := int64(len(out))
		if n >= limit || n >= f.clusters*f.cluster { // the latter: a loop
			return nil, badinput.New("chain from cluster %d", e.first).Got("more than %d bytes", n).Want("an end")
		}
		out = append(out, make([]byte, f.cluster)...)
		if err := readFull(f.r, out[n:], f.data+(c-2)*f.cluster); err != nil {
			return nil, err
		}
	}
	if e.size >= 0 {
		out = out[:e.size]
	}
	return out, nil
}

func readFull(r io.ReaderAt, b []byte, off int64) error {
	n, err := r.ReadAt(b, off)
	if n == len(b) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return badinput.New("FAT").At(off).Got("%d bytes", n).Want("%d", len(b))
	}
	return fmt.Errorf("reading the FAT: %w", err)
}
