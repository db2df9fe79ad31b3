package ext4

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/ext4/ondisk"
	"shimboot/tools/internal/mkext4/mkext4test"
)

// sealedImage is a file system of mke2fs with checksums on all that has them:
// a file in many pieces, attributes in a block, a directory with a hash tree.
func sealedImage(t *testing.T, features string) []byte {
	t.Helper()
	dir, img := t.TempDir(), filepath.Join(t.TempDir(), "fs.img")
	must(0, os.Mkdir(filepath.Join(dir, "many"), 0o755))
	for k := range 400 {
		must(0, os.WriteFile(filepath.Join(dir, "many", strings.Repeat("n", 60)+uintString(uint64(k))), nil, 0o600))
	}
	f := must(os.Create(filepath.Join(dir, "pieces")))
	for k := range int64(20) {
		must(f.WriteAt([]byte("piece"), k*8192))
	}
	must(0, f.Close())
	mkext4test.Run(t, "mke2fs", "-q", "-F", "-t", "ext4", "-b", "1024", "-N", "500", "-O", features, "-d", dir, img, "4M")
	fsckOptimize(t, img)
	mkext4test.Run(t, "debugfs", "-w", "-R", "ea_set pieces user.note "+strings.Repeat("n", 300), img)
	return must(os.ReadFile(img))
}

// TestChecksums changes bytes that nothing but a checksum can judge.
func TestChecksums(t *testing.T) {
	for _, features := range []string{"^has_journal,metadata_csum,64bit", "^has_journal,metadata_csum,metadata_csum_seed,^64bit"} {
		b := sealedImage(t, features)
		fsys := must(Open(bytes.NewReader(b), int64(len(b))))
		if err := walkAll(fsys); err != nil || !fsys.sums.Enabled {
			t.Fatalf("%s: %v, verify %v", features, err, fsys.sums.Enabled)
		}
		root := must(fsys.resolve(".", false)).ino
		pieces := must(fsys.resolve("pieces", false)).ino
		many := must(fsys.resolve("many", false)).ino
		block := func(i *Inode, l uint64) int64 {
			phys, _, err := i.mapBlock(l)
			return int64(must(phys, err)) * fsys.bs
		}
		node := int64(binary.LittleEndian.Uint32(pieces.iblock[ondisk.ExtentHeaderSize+4:])) * fsys.bs
		for what, at := range map[string]int64{
			"superblock":              ondisk.SuperblockOffset + 0x88, // where it was last mounted
			"descriptor of group 0":   2*1024 + 0xC,                   // free blocks
			"inode 2":                 root.pos + 8,                   // when it was read
			"extent node of inode":    node + fsys.bs - 20,
			"hash tree node of inode": block(many, 0) + 30, // unused
			"directory block of inode": func() int64 {
				return block(many, uint64(many.Size/fsys.bs)-1) + 8 // the first letter of a name
			}(),
			"attribute block": int64(pieces.fileACL)*fsys.bs + fsys.bs - 8, // a letter of the value
		} {
			c := bytes.Clone(b)
			c[at] ^= 2
			broken, err := Open(bytes.NewReader(c), int64(len(c)))
			if err == nil {
				err = walkAll(broken)
			}
			if !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), "checksum of "+what) {
				t.Errorf("%s: %v, want the checksum of %s", features, err, what)
			}
			if plain, err := unsealed(c); err != nil || walkAll(plain) != nil {
				t.Errorf("%s: %s: not only the checksum is wrong: %v", features, what, err)
			}
		}
	}
}

// TestSealedThenHacked sets ChromeOS' read-only byte, which is in what the
// superblock's checksum covers.
func TestSealedThenHacked(t *testing.T) {
	b := sealedImage(t, "^has_journal,metadata_csum")
	b[ondisk.SuperblockOffset+0x67] = 0xFF
	fsys, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil || !fsys.ReadOnlyHack() {
		t.Fatalf("not opened: %v", err)
	}
	if _, err := fs.ReadFile(fsys, "pieces"); err != nil {
		t.Error(err)
	}
	b[ondisk.SuperblockOffset+0x175] = 9
	if _, err := Open(bytes.NewReader(b), int64(len(b))); err == nil || !strings.Contains(err.Error(), "checksum type at byte 1397: found 9") {
		t.Errorf("other checksums: %v", err)
	}
}
