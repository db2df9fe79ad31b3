// Package revision changes a small ext2, ext3 or ext4 so that a power cut leaves
// what it was or what it shall be, also where it has no journal.
//
//	r, err := revision.Put(old, "shimboot/new.conf", content, when)
//	err = r.Write(disk) // with the file system from byte 0 on
//
// Nothing that is in use is written over. What changes is written again into
// blocks that were free: content, directories, and, as they are where their
// group's descriptor says, the table of inodes and both bitmaps. Then the
// descriptors, which are in one sector, are written, and all of it is what
// counts; what was before is free. A sector of 512 bytes is written as a whole
// or not at all.
//
// The superblock stays as it is. Its sums of free blocks and inodes are Linux'
// to bring up to date, which goes by the descriptors as well (ext4_fill_super);
// e2fsck corrects them without a word.
package revision

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"shimboot/tools/internal/ext4/ondisk"
)

// Disk is what Write writes to.
type Disk interface {
	io.WriterAt
	Sync() error
}

// Revision is a file system before and after a change.
type Revision struct {
	Next []byte // all of it, as it becomes

	old    []byte
	sb     *ondisk.Superblock
	bs     int
	table  int // byte of the first group's descriptor
	commit int // byte of the sector with those that change
	groups int
}

// Put gives what a file system becomes when name, a valid path, has the content.
// A file of that name keeps owner, mode and other names; a new one, and new
// directories on the way to it, belong to root. A *NoRoomError says that there
// is no room for it beside what there is.
func Put(old []byte, name string, content []byte, when time.Time) (*Revision, error) {
	v, err := open(old)
	if err != nil {
		return nil, err
	}
	if err := v.put(name, content, when); err != nil {
		return nil, err
	}
	if err := v.finish(); err != nil {
		return nil, err
	}
	r := &Revision{Next: v.next, old: old, sb: v.sb, bs: int(v.bs), table: v.descAt(0), groups: len(v.groups)}
	return r, r.check(v.wasFree)
}

// check finds the sector of the descriptors, and that all else goes to blocks
// that were free.
func (r *Revision) check(wasFree []bool) error {
	for at := range r.changed(ondisk.SectorSize) {
		switch block := at / r.bs; {
		case block < len(wasFree) && wasFree[block]:
		case r.commit == 0 && at >= r.table && at < r.table+r.groups*r.descSize():
			r.commit = at
		default:
			return fmt.Errorf("ext4: the change of byte %d is in use, and not in one sector with that of byte %d", at, r.commit)
		}
	}
	return nil
}

// descSize is the length of a descriptor.
func (r *Revision) descSize() int { return descSize(r.sb) }

// changed gives the byte of each part of that size, a multiple of which the
// sector's is, that differs.
func (r *Revision) changed(size int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for at := 0; at < len(r.Next); at += size {
			end := min(at+size, len(r.Next))
			if !bytes.Equal(r.old[at:end], r.Next[at:end]) && !yield(at) {
				return
			}
		}
	}
}

// Write makes the file system on disk, which is the one before, the one after.
func (r *Revision) Write(disk Disk) error {
	for at := range r.changed(ondisk.SectorSize) {
		if at == r.commit {
			continue
		}
		if _, err := disk.WriteAt(r.Next[at:][:ondisk.SectorSize], int64(at)); err != nil {
			return err
		}
	}
	if err := disk.Sync(); err != nil {
		return err
	}
	if r.commit == 0 {
		return nil
	}
	if err := r.descriptors(disk, r.commit); err != nil {
		return err
	}
	return r.backups(disk)
}

// descriptors writes the sector of descriptors to a place.
func (r *Revision) descriptors(disk Disk, at int) error {
	if _, err := disk.WriteAt(r.Next[r.commit:][:ondisk.SectorSize], int64(at)); err != nil {
		return err
	}
	return disk.Sync()
}

// backups brings the copies of the descriptors up to date, which e2fsck -b takes.
func (r *Revision) backups(disk Disk) error {
	for g := 1; g < r.groups; g++ {
		first := int(r.sb.FirstDataBlock) + g*int(r.sb.BlocksPerGroup)
		at := (first+1)*r.bs + r.commit - r.table
		if !r.sb.HasBackup(uint64(g)) || at+ondisk.SectorSize > len(r.Next) {
			continue
		}
		if err := r.descriptors(disk, at); err != nil {
			return err
		}
	}
	return nil
}
