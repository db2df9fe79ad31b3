package ondisk_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"shimboot/tools/internal/ext4/ondisk"
)

// TestGroupDesc holds the codec against the structure of fs/ext4/ext4.h, written
// down once more field by field, in both lengths.
func TestGroupDesc(t *testing.T) {
	type half struct {
		BlockBitmap, InodeBitmap, InodeTable uint32
		FreeBlocks, FreeInodes, Dirs         uint16
	}
	long := struct {
		Lo                             half
		Flags                          uint16
		ExcludeBitmap                  uint32
		BlockBitmapSum, InodeBitmapSum uint16
		UnusedInodes, Checksum         uint16
		Hi                             half
		UnusedInodesHi                 uint16
		ExcludeBitmapHi                uint32
		BlockBitmapSumHi               uint16
		InodeBitmapSumHi               uint16
		_                              uint32
	}{
		Lo: half{1, 2, 3, 4, 5, 6}, Flags: 7, BlockBitmapSum: 8, InodeBitmapSum: 9, UnusedInodes: 10, Checksum: 11,
		Hi: half{12, 13, 14, 15, 16, 17}, UnusedInodesHi: 18, BlockBitmapSumHi: 19, InodeBitmapSumHi: 20,
	}
	b, err := binary.Append(nil, binary.LittleEndian, &long)
	if err != nil || len(b) != ondisk.GroupDesc64Size {
		t.Fatalf("%d bytes, %v", len(b), err)
	}
	short := ondisk.GroupDesc{
		BlockBitmap: 1, InodeBitmap: 2, InodeTable: 3, FreeBlocks: 4, FreeInodes: 5, Dirs: 6, Flags: 7,
		BlockBitmapSum: 8, InodeBitmapSum: 9, UnusedInodes: 10, Checksum: 11,
	}
	whole := ondisk.GroupDesc{
		BlockBitmap: 12<<32 | 1, InodeBitmap: 13<<32 | 2, InodeTable: 14<<32 | 3, FreeBlocks: 15<<16 | 4, FreeInodes: 16<<16 | 5,
		Dirs: 17<<16 | 6, Flags: 7, BlockBitmapSum: 19<<16 | 8, InodeBitmapSum: 20<<16 | 9, UnusedInodes: 18<<16 | 10, Checksum: 11,
	}
	for size, want := range map[int]ondisk.GroupDesc{ondisk.GroupDescSize: short, ondisk.GroupDesc64Size: whole} {
		if got := ondisk.ParseGroupDesc(b[:size]); got != want {
			t.Errorf("%d bytes: %+v, want %+v", size, got, want)
		}
		back := make([]byte, size)
		if whole.Put(back); !bytes.Equal(back, b[:size]) {
			t.Errorf("%d bytes: % x, want % x", size, back, b[:size])
		}
	}
}
