package flash_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/testenv"
)

// A disk that was full of garbage has the image's file systems as they are.
func TestOnAUsedDisk(t *testing.T) {
	for name, mkfs := range map[string][]string{
		"ext4":            {"-t", "ext4"},
		"with checksums":  {"-t", "ext4", "-O", "metadata_csum,64bit", "-E", "lazy_itable_init=1"},
		"without journal": {"-t", "ext4", "-O", "^has_journal"},
		"ext2":            {"-t", "ext2", "-b", "1024"},
	} {
		t.Run(name, func(t *testing.T) {
			img, tree := diskImage(t, mkfs...)
			disk := used()
			garbage := bytes.Clone(disk.d)
			result, err := write(t, img, disk)
			if err != nil {
				t.Fatal(err)
			}
			if got := result.Data + result.Zeros + result.Kept; got != imageSize {
				t.Errorf("%+v sums up to %d", result, got)
			}
			if result.Kept < rootSize/2 || result.Data < 2<<20 || result.Data > 8<<20 {
				t.Errorf("%+v: most of the root is free", result)
			}
			const free = rootStart + rootSize - 3<<20
			if !bytes.Equal(disk.d[free:][:1<<20], garbage[free:][:1<<20]) {
				t.Error("a free block was written to")
			}
			checkDisk(t, disk.d, tree)
		})
	}
}

// checkDisk asks the others about a disk's table and file systems.
func checkDisk(t *testing.T, d []byte, tree string) {
	t.Helper()
	file := testenv.Write(t, "disk", d)
	if out := testenv.Run(t, "sgdisk", "--verify", file); !strings.Contains(out, "No problems found") {
		t.Error(out)
	}
	testenv.Run(t, "sfdisk", "--verify", file)
	if out := testenv.Run(t, "cgpt", "find", "-n", "-t", "kernel", file); strings.TrimSpace(out) != "2" {
		t.Errorf("cgpt find: %q", out)
	}
	testenv.Run(t, "fsck.fat", "-n", testenv.Write(t, "state", d[1<<20:2<<20]))
	root := testenv.Write(t, "root", d[rootStart:][:rootSize])
	testenv.Run(t, "e2fsck", "-fn", root)
	out := t.TempDir()
	testenv.Run(t, "debugfs", "-R", "rdump / "+out, root)
	if err := os.RemoveAll(out + "/lost+found"); err != nil {
		t.Fatal(err)
	}
	testenv.Run(t, "diff", "-r", tree, out)
	if out := testenv.Run(t, "wipefs", root); strings.Count(out, "\n") != 2 {
		t.Errorf("signatures on the root:\n%s", out)
	}
}

// The image's own backup table and the disk's former ones are gone.
func TestOldTablesAreGone(t *testing.T) {
	img, _ := diskImage(t)
	old := testenv.Write(t, "old", nil)
	truncate(t, old, diskSize)
	testenv.Run(t, "sgdisk", "-n", "7:2048:4095", old)
	disk := &memory{d: testenv.Read(t, old)}
	if _, err := write(t, img, disk); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(disk.d, []byte("EFI PART")); n != 2 {
		t.Errorf("%d tables on the disk", n)
	}
	if problems, err := gpt.CheckFirmware(bytes.NewReader(disk.d), diskSize); err != nil || problems != nil {
		t.Errorf("%v, %v", problems, err)
	}
}

// A disk just as large as the image becomes the image.
func TestDiskOfTheImagesSize(t *testing.T) {
	img, _ := diskImage(t)
	disk := &memory{d: make([]byte, imageSize)}
	if _, err := write(t, img, disk); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(disk.d, testenv.Read(t, img)) {
		t.Error("the disk is not the image")
	}
}

// File systems that say nothing of free blocks are copied with all zeros.
func TestUnknownFileSystem(t *testing.T) {
	img, _ := diskImage(t)
	d := testenv.Read(t, img)
	clear(d[rootStart+1024:][:1024])
	plain := testenv.Write(t, "plain", d)
	disk := used()
	result, err := write(t, plain, disk)
	if err != nil || result.Kept != 0 {
		t.Errorf("%+v, %v", result, err)
	}
	if !bytes.Equal(disk.d[rootStart:][:rootSize], d[rootStart:][:rootSize]) {
		t.Error("the partition differs")
	}
}
