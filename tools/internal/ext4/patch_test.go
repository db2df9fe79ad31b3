package ext4

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"shimboot/tools/internal/ext4/ondisk"
	"shimboot/tools/internal/mkext4"
	"shimboot/tools/internal/mkext4/mkext4test"
)

func uintString(n uint64) string { return strconv.FormatUint(n, 10) }

// fsckOptimize runs e2fsck -D, which ends with status 1 when it changed things.
func fsckOptimize(t *testing.T, img string) {
	t.Helper()
	out, err := exec.Command(mkext4test.Tool(t, "e2fsck"), "-fyD", img).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) {
		t.Fatalf("e2fsck -D: %v\n%s", err, out)
	}
}

// smallImage is a written file system in memory.
func smallImage(t testing.TB, kind mkext4.Kind) []byte {
	t.Helper()
	tr := mkext4test.SampleTree(t)
	for _, e := range tr {
		if e.Path == "large" {
			e.Size, e.Open = 60<<10, mkext4test.Opener(mkext4test.Pattern("large", 60<<10))
		}
	}
	o := mkext4test.Options(kind)
	o.ExtraInodes = 1
	b, err := os.ReadFile(mkext4test.WriteImage(t, tr, o, 0))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSuperblockErrors breaks the superblock in ways that must be named, and
// in ways that must not matter.
func TestSuperblockErrors(t *testing.T) {
	le := binary.LittleEndian
	for _, c := range []struct {
		off   int
		value uint32
		want  string // part of the error; "" for none
	}{
		{0x38, 0x1234, "superblock magic at byte 1080: found 0x1234, want 0xef53"},
		{0x18, 9, "block size"}, {0x28, 0, "inodes per group"}, {0x20, 0, "blocks per group"},
		{0x04, 1 << 30, "length"}, {0x00, 1 << 30, "inode count"}, {0x58, 100, "inode size"},
		{0x14, 7, "first data block"},
		{0x60, 0x42 | 1, "incompatible features at byte 1120: found compression"},
		{0x60, 0x42 | 0x100000, "found incompat:0x100000"},
		{0x60, 0x42 | 0x8, "found journal_dev"},
		{0xFC, 24<<16 | 0x0101, "group descriptor size"},
		{0x60, 0x42 | 0x4, ""},
		{0x64, 0xFF000000 | 0x6B, ""},
	} {
		b := smallImage(t, mkext4.Ext4)
		le.PutUint32(b[ondisk.SuperblockOffset+c.off:], c.value)
		fsys, err := unsealed(b)
		if c.want == "" {
			if err != nil || fsys.NeedsRecovery() != (c.off == 0x60) || fsys.ReadOnlyHack() != (c.off == 0x64) {
				t.Errorf("0x%x: %v", c.off, err)
			} else if _, err := fs.ReadFile(fsys, "block"); err != nil {
				t.Errorf("0x%x: %v", c.off, err)
			}
			continue
		}
		var fe *FormatError
		if !errors.As(err, &fe) || !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("0x%x: %v, want %q", c.off, err, c.want)
		}
	}
	b := smallImage(t, mkext4.Ext2)
	if _, err := Open(bytes.NewReader(b), int64(len(b)-4096)); !errors.Is(err, ErrFormat) {
		t.Errorf("cut off: %v", err)
	}
	if _, err := Open(bytes.NewReader(b), 100); !errors.Is(err, ErrFormat) {
		t.Errorf("100 bytes: %v", err)
	}
}

// TestDirectoryLoop makes a directory appear within itself.
func TestDirectoryLoop(t *testing.T) {
	b := smallImage(t, mkext4.Ext4)
	fsys := must(Open(bytes.NewReader(b), int64(len(b))))
	root := must(fsys.inode(ondisk.RootInode, 0))
	dir := must(fsys.directory(root, ondisk.RootInode))
	tmp, _ := dir.lookup("tmp")
	link, _ := dir.lookup("link")
	for name, ino := range map[string]uint32{"the root in itself": ondisk.RootInode, "one directory twice": link.ino} {
		c := bytes.Clone(b)
		binary.LittleEndian.PutUint32(c[tmp.at:], ino)
		if err := walkAll(must(unsealed(c))); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// "link/fast" becomes a directory that is its own grandparent.
	inLink := must(fsys.directory(must(fsys.inode(link.ino, 0)), ondisk.RootInode))
	fast, _ := inLink.lookup("fast")
	c := bytes.Clone(b)
	binary.LittleEndian.PutUint32(c[fast.at:], link.ino)
	c[fast.at+7] = byte(ondisk.TypeDir)
	if err := walkAll(must(unsealed(c))); !errors.Is(err, ErrFormat) {
		t.Errorf("loop: %v", err)
	}
}

// walkAll reads everything there is, up to a limit of bytes a file, and gives
// the first error.
func walkAll(fsys *FS) error {
	var first error
	keep := func(err error) {
		if first == nil {
			first = err
		}
	}
	buf := make([]byte, 64<<10)
	names := 0
	_ = fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		keep(err)
		if names++; names > 5000 {
			return fs.SkipAll
		}
		if err != nil {
			return nil
		}
		info, err := fsys.Lstat(p)
		if err != nil {
			keep(err)
			return nil
		}
		_, err = info.Sys().(*Inode).XAttrs()
		keep(err)
		if d.Type()&fs.ModeSymlink != 0 {
			_, err := fsys.ReadLink(p)
			keep(err)
			_, err = fsys.Stat(p)
			if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errLoop) && !errors.Is(err, errNotDir) {
				keep(err)
			}
			return nil
		}
		if d.Type().IsRegular() {
			keep(readSome(fsys, p, buf))
		}
		return nil
	})
	return first
}

// readSome reads the start, the end and a part in the middle of a file.
func readSome(fsys *FS, p string, buf []byte) error {
	f, err := fsys.Open(p)
	if err != nil {
		return err
	}
	of := f.(*openFile)
	for _, off := range []int64{0, of.Size() / 2, of.Size() - int64(len(buf))} {
		if n := min(int64(len(buf)), of.Size()-max(off, 0)); n > 0 {
			if _, err := of.ReadAt(buf[:n], max(off, 0)); err != nil {
				return err
			}
		}
	}
	return f.Close()
}
