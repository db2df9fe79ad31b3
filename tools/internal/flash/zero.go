package flash

import (
	"io"

	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/gpt"
)

// edge is what stays free of old content at both ends of each partition. What
// probes for file systems looks there: RAID and ZFS keep their labels in the
// last 512 KiB, others in the first 64.
const edge = 1 << 20

// MustZero says which of an image's zeros the disk has to have. That is all of
// them but the free blocks of its ext file systems: tables of inodes, bitmaps,
// the journal and zeros inside of files count, as does everything between and
// behind the partitions, in FATs, and in file systems that are not understood.
//
// View reads as the image does. What cannot be read there counts as not
// understood.
func MustZero(view io.ReaderAt, t *gpt.Table, zeros Ranges) Ranges {
	for i := range t.Partitions {
		p := &t.Partitions[i]
		zeros = zeros.Minus(free(io.NewSectionReader(view, p.Start, p.Size), p))
	}
	return zeros
}

// free gives the free blocks of an ext file system in a partition, as bytes of
// the disk, less the partition's edges.
func free(section *io.SectionReader, p *gpt.Partition) Ranges {
	fsys, err := ext4.Open(section, p.Size)
	if err != nil {
		return nil
	}
	var found Ranges
	err = fsys.Free(func(start, count uint64) {
		bs := fsys.BlockSize()
		from := max(p.Start+int64(start)*bs, p.Start+edge)
		to := min(p.Start+int64(start+count)*bs, p.Start+p.Size-edge)
		if to-from >= block { // less is not worth the list
			found = found.Add(Range{from, to})
		}
	})
	if err != nil {
		return nil
	}
	return found
}
