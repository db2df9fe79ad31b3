package rootfs_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/rootfs"
	"shimboot/tools/internal/testenv"
)

// made is a file system of a program, which gets the name of a file of mib MiB.
func made(t *testing.T, mib int64, program string, args ...string) []byte {
	t.Helper()
	file := testenv.Write(t, "fs", nil)
	if err := os.Truncate(file, mib<<20); err != nil {
		t.Fatal(err)
	}
	testenv.Run(t, program, append(args, file)...)
	return testenv.Read(t, file)
}

func squashed(t *testing.T) []byte {
	t.Helper()
	dir, out := t.TempDir(), filepath.Join(t.TempDir(), "fs")
	if err := os.WriteFile(filepath.Join(dir, "file"), []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	testenv.Run(t, "mksquashfs", dir, out, "-quiet", "-no-progress")
	return testenv.Read(t, out)
}

func probe(d []byte) (*rootfs.Content, error) { return rootfs.Probe(bytes.NewReader(d), int64(len(d))) }

// The kinds are those of blkid, and so are the labels.
func TestKindsAreThoseOfBlkid(t *testing.T) {
	for name, d := range map[string][]byte{
		"ext2":     made(t, 4, "mke2fs", "-q", "-t", "ext2", "-L", "a label"),
		"ext3":     made(t, 8, "mke2fs", "-q", "-t", "ext3"),
		"ext4":     made(t, 8, "mke2fs", "-q", "-t", "ext4", "-L", "root"),
		"squashfs": squashed(t),
		"FAT12":    made(t, 1, "mkfs.fat", "-F", "12", "-n", "STATE"),
		"FAT16":    made(t, 16, "mkfs.fat", "-F", "16"),
		"FAT32":    made(t, 40, "mkfs.fat", "-F", "32", "-n", "STATE"),
	} {
		t.Run(name, func(t *testing.T) {
			file := testenv.Write(t, "fs", d)
			blkid := func(tag string) string {
				out, _ := testenv.Try(t, "blkid", "-p", "-o", "value", "-s", tag, file) // fails where there is none
				return strings.TrimSpace(out)
			}
			c, err := probe(d)
			if err != nil || c == nil || c.Kind != blkid("TYPE") || c.Label != blkid("LABEL") {
				t.Fatalf("%+v, %v; blkid says %q %q", c, err, blkid("TYPE"), blkid("LABEL"))
			}
			if !c.Known || c.Free < 0 || c.Free > c.Size || c.Size > int64(len(d)) {
				t.Errorf("%d of %d bytes are free, of a partition of %d", c.Free, c.Size, len(d))
			}
			if isFAT := c.Kind == "vfat"; (c.Root == nil) != isFAT || (c.FAT != nil) != isFAT {
				t.Errorf("root %v, FAT %v", c.Root, c.FAT)
			}
		})
	}
}

func TestOpenGivesARoot(t *testing.T) {
	d := squashed(t)
	root, err := rootfs.Open(bytes.NewReader(d), int64(len(d)))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := fs.ReadFile(root.FS, "file"); err != nil || string(text) != "text" || !strings.HasPrefix(root.About, "squashfs, ") {
		t.Errorf("%q, %v, %s", text, err, root.About)
	}
}

// at is a partition that has nothing but a magic.
func at(offset int, magic string) []byte {
	d := make([]byte, 100_000)
	copy(d[offset:], magic)
	return d
}

func TestOnlyKnownByName(t *testing.T) {
	for kind, d := range map[string][]byte{
		"btrfs": at(0x10040, "_BHRfS_M"), "crypto_LUKS": at(0, "LUKS\xba\xbe"), "xfs": at(0, "XFSB"), "LVM2_member": at(512, "LABELONE"),
	} {
		if c, err := probe(d); err != nil || c == nil || c.Kind != kind || c.Known || c.Root != nil {
			t.Errorf("%s: %+v, %v", kind, c, err)
		}
	}
	if c, err := probe(make([]byte, 100_000)); c != nil || err != nil {
		t.Errorf("zeros: %+v, %v", c, err)
	}
}

// What is known and damaged is an error that says how.
func TestDamaged(t *testing.T) {
	ext := made(t, 4, "mke2fs", "-q", "-t", "ext2")
	clear(ext[1024+24 : 1024+28]) // the size of blocks, a shift: 1 KiB
	ext[1024+24] = 77
	for name, d := range map[string][]byte{"ext": ext, "squashfs": at(0, "hsqs"), "kernel": at(0, "CHROMEOS")} {
		if c, err := probe(d); c != nil || !badinput.Is(err) && !strings.Contains(err.Error(), "ext4") {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
}

// The two bytes of ext's magic may stand in a FAT's table.
func TestMagicByChance(t *testing.T) {
	d := made(t, 16, "mkfs.fat", "-F", "16", "-R", "1")
	copy(d[1080:], "\x53\xef")
	if c, err := probe(d); err != nil || c == nil || c.Kind != "vfat" {
		t.Errorf("%+v, %v; want the FAT", c, err)
	}
}

// What a partition held before, or a file's content, may look like another kind.
func TestMagicOfAnotherKind(t *testing.T) {
	for magic, at := range map[string]int{"_BHRfS_M": 0x10040, "CD001": 0x8001} {
		d := made(t, 16, "mkfs.fat", "-F", "16")
		copy(d[at:], magic)
		if c, err := probe(d); err != nil || c == nil || c.Kind != "vfat" || !c.Known {
			t.Errorf("%s: %+v, %v; want the FAT", magic, c, err)
		}
	}
}

// The name of its kind in a FAT is for people.
func TestFATWithoutAName(t *testing.T) {
	d := made(t, 16, "mkfs.fat", "-F", "16")
	copy(d[54:], "        ")
	if c, err := probe(d); err != nil || c == nil || c.Kind != "vfat" || c.FAT == nil {
		t.Errorf("%+v, %v; want the FAT", c, err)
	}
}

func TestFailingMedium(t *testing.T) {
	broken := errors.New("a bad block")
	r := testenv.BadBlock{ReaderAt: bytes.NewReader(make([]byte, 100_000)), At: 1081, Err: broken}
	if c, err := rootfs.Probe(r, 100_000); c != nil || !errors.Is(err, broken) {
		t.Errorf("%+v, %v; want the medium's error", c, err)
	}
	if _, err := rootfs.Open(r, 100_000); !errors.Is(err, broken) {
		t.Errorf("%v; want the medium's error", err)
	}
}
