package ondisk_test

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"shimboot/tools/internal/ext4/ondisk"
)

// TestSuperblockOffsets puts a value where an offset says that a field is.
func TestSuperblockOffsets(t *testing.T) {
	b := make([]byte, ondisk.SuperblockSize)
	offsets := []int{
		ondisk.SuperInodesCount, ondisk.SuperBlocksCount, ondisk.SuperFirstDataBlock, ondisk.SuperLogBlockSize, ondisk.SuperBlocksPerGroup,
		ondisk.SuperInodesPerGroup, ondisk.SuperIncompat, ondisk.SuperROCompat, ondisk.SuperChecksum,
	}
	for k, at := range offsets {
		binary.LittleEndian.PutUint32(b[at:], uint32(k+1))
	}
	binary.LittleEndian.PutUint16(b[ondisk.SuperMagic:], ondisk.SuperblockMagic)
	binary.LittleEndian.PutUint16(b[ondisk.SuperInodeSize:], 256)
	binary.LittleEndian.PutUint16(b[ondisk.SuperDescSize:], 64)
	b[0x4C] = ondisk.RevDynamic
	b[ondisk.SuperChecksumType] = ondisk.ChecksumCRC32C
	s, err := ondisk.ParseSuperblock(b)
	if err != nil {
		t.Fatal(err)
	}
	got := []uint32{
		s.InodesCount, s.BlocksLo, s.FirstDataBlock, s.LogBlockSize, s.BlocksPerGroup,
		s.InodesPerGroup, s.Incompat, s.ROCompat, s.Checksum,
	}
	for k, v := range got {
		if v != uint32(k+1) {
			t.Errorf("field at 0x%x: %d, want %d", offsets[k], v, k+1)
		}
	}
	if s.InodeSize != 256 || s.DescSize != 64 || s.ChecksumType != ondisk.ChecksumCRC32C {
		t.Errorf("inodes of %d, descriptors of %d, checksums of type %d", s.InodeSize, s.DescSize, s.ChecksumType)
	}
	if back, err := s.Encode(); err != nil || !bytes.Equal(back, b) {
		t.Errorf("encoded it is another: %v", err)
	}
}

// TestInode takes an inode there and back, with all of its upper halves.
func TestInode(t *testing.T) {
	at := func(n int64) time.Time { return time.Unix(n<<31, n).UTC() }
	want := ondisk.Inode{
		Mode: ondisk.ModeBlock | 0o640, Links: 3, UID: 4<<16 | 5, GID: 6<<16 | 7, Size: 8<<32 | 9, Sectors: 10<<32 | 11,
		Flags: ondisk.FlagIndex, Generation: 12, FileACL: 13<<32 | 14, ExtraSize: ondisk.ExtraIsize, Checksum: 15<<16 | 16,
		ATime: at(1), CTime: at(2), MTime: at(3), CrTime: at(4),
	}
	for _, n := range [][2]uint32{{1, 3}, {259, 70000}, {4095, 0xFFFFF}} {
		want.SetDevice(n[0], n[1])
		b := make([]byte, 256)
		want.Put(b)
		got := ondisk.ParseInode(b)
		if major, minor := got.Device(); got != want || major != n[0] || minor != n[1] || !ondisk.DeviceNumber(n[0], n[1]) {
			t.Errorf("%v: %d:%d, %+v, want %+v", n, major, minor, got, want)
		}
		short := ondisk.ParseInode(b[:ondisk.OldInodeSize])
		if short.Checksum != 16 || !short.CrTime.IsZero() || short.ExtraSize != 0 || short.MTime.Nanosecond() != 0 {
			t.Errorf("128 bytes: %+v", short)
		}
	}
}

// TestChecksumsOfParts sums up words and zeros as bytes are.
func TestChecksumsOfParts(t *testing.T) {
	c := ondisk.NewChecksums([16]byte{1, 2, 3})
	inode, b := c.Of(0x12345678, 0x9ABCDEF0), []byte("content")
	with := append([]byte{0x78, 0x56, 0x34, 0x12, 0xF0, 0xDE, 0xBC, 0x9A}, b...)
	if got, want := inode.DirBlock(b), c.Bitmap(with); got != want {
		t.Errorf("words: 0x%08x, want 0x%08x", got, want)
	}
	d := bytes.Repeat([]byte{0xFF}, ondisk.GroupDesc64Size)
	want := append([]byte{7, 0, 0, 0}, d...)
	clear(want[4+ondisk.GroupChecksumOffset:][:2])
	if got, want := c.GroupDesc(d, 7), uint16(c.Bitmap(want)); got != want {
		t.Errorf("zeros: 0x%04x, want 0x%04x", got, want)
	}
}

// TestExtent takes extents there and back, those that were never written too.
func TestExtent(t *testing.T) {
	for _, want := range []ondisk.Extent{
		{Logical: 1, Start: 2<<32 | 3, Len: ondisk.MaxExtentLen},
		{Logical: 4, Start: 5, Len: 1, Unwritten: true},
	} {
		b := make([]byte, ondisk.ExtentEntrySize)
		want.Put(b)
		if got := ondisk.ParseExtent(b); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	b, want := make([]byte, ondisk.ExtentEntrySize), ondisk.ExtentIndex{Logical: 6, Child: 7<<32 | 8}
	want.Put(b)
	if got := ondisk.ParseExtentIndex(b); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
