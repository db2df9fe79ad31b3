package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/testenv"
)

// squashed makes a squashfs of a tree.
func squashed(t *testing.T, tree map[string]string, compression string) string {
	t.Helper()
	root, out := t.TempDir(), filepath.Join(t.TempDir(), "root-a")
	put(t, root, tree)
	testenv.Run(t, "mksquashfs", root, out, "-quiet", "-no-progress", "-comp", compression)
	return out
}

// TestSquashfsRoots gives what the trees give, whatever holds them.
func TestSquashfsRoots(t *testing.T) {
	testenv.Need(t, "depmod", "mksquashfs", "cgpt")
	shim, recovery := board(t)
	out := filepath.Join(t.TempDir(), "out")
	code, _, errs := tool(context.Background(), "--shim", disk(t, squashed(t, shim, "gzip")),
		"--recovery", zipped(t, disk(t, squashed(t, recovery, "zstd"))), "--out", out)
	if code != 0 || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	sameFromTrees(t, out, shim, recovery)
}

// TestOtherRoots are named, with what can be done about them.
func TestOtherRoots(t *testing.T) {
	testenv.Need(t, "cgpt", "mksquashfs")
	at := func(offset int, magic string) string {
		image := make([]byte, 100_000)
		copy(image[offset:], magic)
		return string(image)
	}
	for name, c := range map[string]struct{ image, want string }{
		"erofs":    {at(1024, "\xe2\xe1\xf5\xe0"), "found erofs, want ext2, ext3, ext4 or squashfs; this tool reads"},
		"f2fs":     {at(1024, "\x10\x20\xf5\xf2"), "found f2fs"},
		"btrfs":    {at(0x10040, "_BHRfS_M"), "found btrfs"},
		"xfs":      {at(0, "XFSB"), "found xfs"},
		"fat32":    {at(82, "FAT32   "), "found FAT32"},
		"iso":      {at(0x8001, "CD001"), "found ISO 9660"},
		"luks":     {at(0, "LUKS\xba\xbe"), "found a LUKS container, want ext2, ext3, ext4 or squashfs; this tool has no keys"},
		"lvm":      {at(512, "LABELONE"), "found an LVM volume"},
		"nothing":  {at(0, "?"), "found nothing that is known"},
		"gzip":     {at(0, "\x1f\x8b\x08"), "found a file compressed with gzip, want a disk image as it is; unpack it first (gunzip)"},
		"zstd":     {at(0, "\x28\xb5\x2f\xfd"), "found a file compressed with zstd"},
		"bad root": {at(0, "hsqs"), "squashfs version at offset 28: found 0.0"},
		"lz4 root": {read(t, squashed(t, map[string]string{"a": "b"}, "lz4")), "squashfs compression at offset 20: found lz4"},
	} {
		t.Run(name, func(t *testing.T) {
			work, files := t.TempDir(), t.TempDir()
			put(t, files, map[string]string{"image": c.image})
			image := filepath.Join(files, "image")
			if name != "gzip" && name != "zstd" {
				image = disk(t, image)
			}
			code, _, errs := tool(context.Background(), "--shim", image, "--out", filepath.Join(work, "out"))
			if code != 2 || !strings.Contains(errs, c.want) || strings.Count(errs, "\n") != 1 {
				t.Errorf("exit %d, want 2 with %q:\n%s", code, c.want, errs)
			}
			only(t, work)
		})
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
