package mkext4_test

import (
	"encoding/binary"
	"os"
	"strconv"
	"strings"
	"testing"

	"shimboot/tools/internal/mkext4"
	"shimboot/tools/internal/mkext4/mkext4test"
	"shimboot/tools/internal/tree"
)

// header gives what dumpe2fs says of a file system, by field.
func header(t *testing.T, img string) map[string]string {
	t.Helper()
	fields := map[string]string{}
	for line := range strings.Lines(mkext4test.Run(t, "dumpe2fs", "-h", img)) {
		name, value, _ := strings.Cut(line, ":")
		fields[name] = strings.TrimSpace(value)
	}
	return fields
}

func TestHeader(t *testing.T) {
	for kind, features := range map[mkext4.Kind]string{
		mkext4.Ext2: "ext_attr filetype sparse_super large_file",
		mkext4.Ext4: "has_journal ext_attr resize_inode dir_index filetype extent 64bit flex_bg sparse_super large_file huge_file dir_nlink extra_isize metadata_csum",
	} {
		fields := header(t, mkext4test.WriteImage(t, oneFile(), mkext4test.Options(kind), 64<<20))
		for name, want := range map[string]string{
			"Filesystem features": features, "Filesystem volume name": "test-root", "Block size": "4096", "Inode size": "256",
			"Filesystem UUID": "deadbeef-4000-0000-8000-000000000001", "Reserved block count": "0",
			"Filesystem state": "clean", "Last checked": "Thu Feb 29 12:34:56 2024",
		} {
			if fields[name] != want {
				t.Errorf("%v: %s: %q, want %q", kind, name, fields[name], want)
			}
		}
	}
}

func oneFile() []*tree.Entry { return []*tree.Entry{mkext4test.FileEntry("f", []byte("content"))} }

// TestReserved reserves by bytes and by a share, which stays when it grows,
// also where more is reserved than is free.
func TestReserved(t *testing.T) {
	for want, reserve := range map[string]mkext4.Reserve{
		"1280":  {Bytes: 5 << 20},
		"819":   {Percent: 5}, // of 16384
		"8192":  {Percent: 50},
		"16384": {Bytes: 64 << 20},
	} {
		for _, kind := range []mkext4.Kind{mkext4.Ext2, mkext4.Ext4} {
			o := mkext4test.Options(kind)
			o.Reserved = reserve
			c := mkext4test.NewInodeSet(t, oneFile(), o)
			if p, err := c.Plan(64 << 20); want == "16384" {
				if err == nil || !strings.Contains(err.Error(), "want at most 50%") {
					t.Errorf("all of it: %v, %v", p, err)
				}
				continue
			}
			img := mkext4test.WriteImage(t, oneFile(), o, 64<<20)
			mkext4test.Fsck(t, img)
			if got := header(t, img)["Reserved block count"]; got != want {
				t.Errorf("%v, %+v: %s blocks, want %s", kind, reserve, got, want)
			}
		}
	}
	o := mkext4test.Options(mkext4.Ext4)
	o.Reserved.Percent = 10
	full := append(oneFile(), mkext4test.FileEntry("large", mkext4test.Pattern("large", 60<<20)))
	img := mkext4test.WriteImage(t, full, o, 0)
	mkext4test.Fsck(t, img)
	if err := os.Truncate(img, 2<<30); err != nil {
		t.Fatal(err)
	}
	mkext4test.Run(t, "resize2fs", img)
	mkext4test.Fsck(t, img)
	got, err := strconv.Atoi(header(t, img)["Reserved block count"])
	if tenth := 524288 / 10; err != nil || got < tenth-100 || got > tenth {
		t.Errorf("grown to 524288 blocks: %d reserved, want a tenth, %d; %v", got, tenth, err)
	}
}

// What drivers of Linux 4.4 mount for writing: EXT4_FEATURE_INCOMPAT_SUPP,
// EXT4_FEATURE_RO_COMPAT_SUPP and their EXT2_ namesakes in its fs/ext4/ext4.h.
// Without csum_seed (0x2000), which was new in it. Any kernel may mount what is
// merely compatible; but orphan_file (0x1000) and fast_commit (0x400) change
// what a journal means.
const (
	linux44Incompat = 0x0002 /* filetype */ | 0x0004 /* recover */ | 0x0010 /* meta_bg */ | 0x0040 /* extents */ |
		0x0080 /* 64bit */ | 0x0100 /* mmp */ | 0x0200 /* flex_bg */ |
		0x8000 /* inline_data */ | 0x10000 /* encrypt */
	linux44ROCompat = 0x0001 /* sparse_super */ | 0x0002 /* large_file */ | 0x0004 /* btree_dir */ | 0x0008 /* huge_file */ |
		0x0010 /* gdt_csum */ | 0x0020 /* dir_nlink */ | 0x0040 /* extra_isize */ | 0x0100 /* quota */ |
		0x0200 /* bigalloc */ | 0x0400 /* metadata_csum */
	linux44Ext2Incompat = 0x0002 | 0x0010
	linux44Ext2ROCompat = 0x0001 | 0x0002 | 0x0004
)

// TestLinux44 reads the three words of features as they lie on the disk.
func TestLinux44(t *testing.T) {
	for kind, supported := range map[mkext4.Kind][2]uint32{
		mkext4.Ext2: {linux44Ext2Incompat, linux44Ext2ROCompat},
		mkext4.Ext4: {linux44Incompat, linux44ROCompat},
	} {
		for _, size := range []int64{0, 64 << 20, 1 << 30} {
			d, err := os.ReadFile(mkext4test.WriteImage(t, oneFile(), mkext4test.Options(kind), size))
			if err != nil {
				t.Fatal(err)
			}
			word := func(off int) uint32 { return binary.LittleEndian.Uint32(d[1024+off:]) }
			if compat := word(0x5C); compat&0x1400 != 0 {
				t.Errorf("%v of %d bytes: compatible features 0x%x", kind, size, compat)
			}
			if unknown := word(0x60) &^ supported[0]; unknown != 0 {
				t.Errorf("%v of %d bytes: incompatible features 0x%x", kind, size, unknown)
			}
			if unknown := word(0x64) &^ supported[1]; unknown != 0 {
				t.Errorf("%v of %d bytes: read-only compatible features 0x%x", kind, size, unknown)
			}
		}
	}
}
