package ext4_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/testenv"
)

// What Free lists may hold anything: file systems of many shapes, with garbage
// in every free block, are clean to e2fsck, before and after they grow.
func TestFreeBlocksMayHoldGarbage(t *testing.T) {
	src := t.TempDir()
	for _, name := range []string{"a", "b", "c"} {
		if err := os.WriteFile(filepath.Join(src, name), bytes.Repeat([]byte(name), 100_000), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, args := range map[string]string{
		"ext4":            "-t ext4",
		"checksums, lazy": "-t ext4 -O metadata_csum,64bit -E lazy_itable_init=1,lazy_journal_init=1",
		"no flex_bg":      "-t ext4 -O ^flex_bg,metadata_csum",
		"uninit_bg":       "-t ext4 -O ^metadata_csum,uninit_bg",
		"meta_bg":         "-t ext4 -O meta_bg,^resize_inode",
		"sparse_super2":   "-t ext4 -O sparse_super2",
		"1 KiB blocks":    "-t ext4 -b 1024",
		"ext2":            "-t ext2",
		"ext2 of 1 KiB":   "-t ext2 -b 1024 -O ^sparse_super,^resize_inode",
	} {
		t.Run(name, func(t *testing.T) {
			img := testenv.Write(t, "img", nil)
			if err := os.Truncate(img, 140<<20); err != nil {
				t.Fatal(err)
			}
			testenv.Run(t, "mke2fs", append(strings.Fields("-q -F "+args), "-d", src, img)...)
			f, err := os.OpenFile(img, os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			fsys, err := ext4.Open(f, 140<<20)
			if err != nil {
				t.Fatal(err)
			}
			var found uint64
			var runs [][2]uint64
			err = fsys.Free(func(start, count uint64) {
				found += count
				runs = append(runs, [2]uint64{start, count})
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range runs {
				garbage := bytes.Repeat([]byte("garbage!"), int(r[1])*int(fsys.BlockSize())/8)
				if _, err := f.WriteAt(garbage, int64(r[0])*fsys.BlockSize()); err != nil {
					t.Fatal(err)
				}
			}
			// With meta_bg, a few blocks more than need be count as in use.
			if free := fsys.FreeBlocks(); found != free && (name != "meta_bg" || found < free-free/100 || found > free) {
				t.Errorf("%d blocks, want %d", found, free)
			}
			testenv.Run(t, "e2fsck", "-fn", img)
			if err := os.Truncate(img, 280<<20); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(args, "sparse_super2") { // resize2fs 1.47.0 damages those by itself
				testenv.Run(t, "resize2fs", img)
				testenv.Run(t, "e2fsck", "-fn", img)
			}
			if out := testenv.Run(t, "debugfs", "-R", "cat /b", img); strings.Count(out, "b") < 100_000 {
				t.Error("a file changed")
			}
		})
	}
}

// After a crash the journal knows better than the bitmaps.
func TestFreeBlocksOfADirtyFileSystem(t *testing.T) {
	img := testenv.Write(t, "img", nil)
	testenv.Run(t, "mke2fs", "-q", "-F", "-t", "ext4", img, "64M")
	testenv.Run(t, "debugfs", "-w", "-R", "feature needs_recovery", img)
	d := testenv.Read(t, img)
	fsys, err := ext4.Open(bytes.NewReader(d), int64(len(d)))
	if err != nil {
		t.Fatal(err)
	}
	if err := fsys.Free(func(_, _ uint64) {}); err != ext4.ErrNoFree {
		t.Errorf("%v, want %v", err, ext4.ErrNoFree)
	}
}
