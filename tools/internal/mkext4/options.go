package mkext4

import (
	"errors"
	"fmt"
	"time"

	"shimboot/tools/internal/ext4/ondisk"
)

// Kind says which file system the writer makes.
type Kind int

const (
	// Ext4 has a journal, extents, hashed directories, and reserved group
	// descriptors, so that it can be grown while it is mounted.
	Ext4 Kind = iota
	// Ext2 has none of these: block maps and plain directories, for a small
	// partition that an old kernel mounts.
	Ext2
)

func (k Kind) String() string {
	switch k {
	case Ext4:
		return "ext4"
	case Ext2:
		return "ext2"
	}
	return fmt.Sprintf("Kind(%d)", int(k))
}

// Options say what file system to make. Nothing is taken from the machine:
// the same options and tree give the same bytes.
type Options struct {
	Kind     Kind
	Label    string    // volume name, at most 16 bytes
	UUID     [16]byte  // in the order of its text form; must not be zero
	HashSeed [16]byte  // for hashed directories; zero means the UUID
	Time     time.Time // of the file system itself, of added directories and entries without a time

	MinFree     int64   // bytes that must be left over
	Reserved    Reserve // what only root may fill; it may be more than is left over
	ExtraInodes uint32  // inodes that must be left over; 0 means an eighth of those in use and 64
}

// Reserve is s_r_blocks_count: so many bytes and, of the whole file system, so
// many percent. Linux and resize2fs keep its share when they grow it.
type Reserve struct {
	Bytes   int64
	Percent int
}

// maxReserve is the largest share, in percent; e2fsck takes more for damage.
const maxReserve = 50

// of gives the blocks to reserve in a file system of so many.
func (r Reserve) of(blocks uint64) uint64 {
	return uint64(r.Bytes)/blockSize + blocks*uint64(r.Percent)/100
}

func (r Reserve) check() error {
	if r.Bytes < 0 || r.Percent < 0 || r.Percent > maxReserve {
		return fmt.Errorf("ext4: %d bytes and %d%% reserved, want none or more, and at most %d%%", r.Bytes, r.Percent, maxReserve)
	}
	return nil
}

const (
	logBlockSize = 2 // s_log_block_size
	blockSize    = 1024 << logBlockSize
	maxBlocks    = 1 << 32
)

// check refuses options that make no valid file system.
func (o *Options) check() error {
	switch {
	case o.Kind != Ext4 && o.Kind != Ext2:
		return fmt.Errorf("ext4: kind %v, want ext4 or ext2", o.Kind)
	case len(o.Label) > ondisk.MaxLabel:
		return fmt.Errorf("ext4: label %q of %d bytes, want at most %d", o.Label, len(o.Label), ondisk.MaxLabel)
	case o.UUID == [16]byte{}:
		return errors.New("ext4: no UUID; the checker takes a zero one for damage")
	case o.MinFree < 0:
		return errors.New("ext4: negative number of free bytes")
	}
	return o.Reserved.check()
}

func (o *Options) hashSeed() [16]byte {
	if o.HashSeed == [16]byte{} {
		return o.UUID
	}
	return o.HashSeed
}

// ceilDiv is a/b rounded up.
func ceilDiv[T int | int64 | uint32 | uint64](a, b T) T { return (a + b - 1) / b }
