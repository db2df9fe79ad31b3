package fat

import (
	"bytes"
	"io"
)

// sector is what a disk writes as a whole, whatever a file system's is.
const sector = 512

// Disk is what Replace writes to.
type Disk interface {
	io.WriterAt
	Sync() error
}

// Replace makes of one file system, which disk holds from byte 0 on, another
// that was made of it. Wherever the power is cut, what one of them has at the
// other's names is whole, and at worst clusters are in use that nothing has:
//
//  1. content, into clusters that are free
//  2. the tables' entries of these clusters
//  3. directories, sector by sector: a long name's parts come before the short
//     one, which makes a file of it
//  4. the tables' entries of directories that grew
//  5. clusters that are free now
//
// One sector's write is whole or not there. (So the one thing that can be torn is
// step 4 on a FAT12, where one entry in 341 lies in two sectors.) It holds where
// clusters in use have the same content in both, but for those of directories,
// and what a name has was changed within one sector.
func Replace(disk Disk, old, next *FS) error {
	r := &replacement{disk: disk, old: old, next: next, table: bytes.Clone(old.table)}
	end := old.data + old.clusters*old.cluster
	unused := func(c int64) bool { return old.next(c) == 0 }
	grown := func(c int64) bool { return unused(c) || next.next(c) != 0 }
	for _, step := range []func() error{
		func() error { return r.sectors(old.data, end, unused, false) },
		func() error { return r.tables(unused) },
		func() error { return r.sectors(old.tableAt+old.tables*old.tableSize, end, nil, true) },
		func() error { return r.tables(grown) },
		func() error { return r.sectors(0, old.tableAt, nil, false) },
		func() error { return r.tables(func(int64) bool { return true }) },
	} {
		if err := step(); err != nil {
			return err
		}
		if err := disk.Sync(); err != nil {
			return err
		}
	}
	return nil
}

// replacement is one Replace.
type replacement struct {
	disk      Disk
	old, next *FS
	table     []byte // as it is on the disk
}

// sectors writes those that differ in a range: all, or those of some clusters;
// with a sync behind each, if they have an order.
func (r *replacement) sectors(from, to int64, of func(cluster int64) bool, ordered bool) error {
	const block = 64 * sector
	a, b := make([]byte, block), make([]byte, block)
	for at := from; at < to; at += block {
		n := min(block, to-at)
		if err := readFull(r.old.r, a[:n], at); err != nil {
			return err
		}
		if err := readFull(r.next.r, b[:n], at); err != nil {
			return err
		}
		for i := int64(0); i < n; i += sector {
			s := b[i:min(i+sector, n)]
			if bytes.Equal(a[i:][:len(s)], s) || of != nil && !of(r.old.clusterAt(at+i)) {
				continue
			}
			if _, err := r.disk.WriteAt(s, at+i); err != nil {
				return err
			}
			if ordered {
				if err := r.disk.Sync(); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// tables brings some clusters' entries to what they become, in all tables.
func (r *replacement) tables(of func(cluster int64) bool) error {
	table := bytes.Clone(r.table)
	for c := range r.old.clusters + 2 {
		if of(c) {
			r.old.copyEntry(table, r.next.table, c)
		}
	}
	for i := range r.old.tables {
		for at := 0; at < len(table); at += sector {
			s := table[at:][:sector]
			if bytes.Equal(s, r.table[at:][:sector]) {
				continue
			}
			if _, err := r.disk.WriteAt(s, r.old.tableAt+i*r.old.tableSize+int64(at)); err != nil {
				return err
			}
		}
	}
	r.table = table
	return nil
}

// clusterAt is the cluster that has a byte of the data.
func (f *FS) clusterAt(off int64) int64 { return (off-f.data)/f.cluster + 2 }

// copyEntry copies a cluster's entry, and no bit of another's.
func (f *FS) copyEntry(to, from []byte, c int64) {
	at, n := c*int64(f.bits)/8, int64(f.bits)/8
	if f.bits != 12 {
		copy(to[at:at+n], from[at:])
		return
	}
	low, high := byte(0xff), byte(0x0f) // of the two bytes
	if c%2 == 1 {
		low, high = 0xf0, 0xff
	}
	to[at] = to[at]&^low | from[at]&low
	to[at+1] = to[at+1]&^high | from[at+1]&high
}
