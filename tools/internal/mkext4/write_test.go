package mkext4_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/mkext4"
	"shimboot/tools/internal/mkext4/mkext4test"
	"shimboot/tools/internal/tree"
)

// TestWrite lets e2fsprogs judge what is written: the checker finds no fault,
// and debugfs sees each entry as the tree has it.
func TestWrite(t *testing.T) {
	for _, c := range []struct {
		name string
		kind mkext4.Kind
		size int64
	}{
		{"ext2 least", mkext4.Ext2, 0}, {"ext2 32 MiB", mkext4.Ext2, 32 << 20}, {"ext2 300 MiB", mkext4.Ext2, 300 << 20},
		{"ext4 least", mkext4.Ext4, 0}, {"ext4 64 MiB", mkext4.Ext4, 64 << 20}, {"ext4 3 GiB", mkext4.Ext4, 3<<30 + 4096*1000}, {"ext4 40 GiB", mkext4.Ext4, 40 << 30},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tr := mkext4test.SampleTree(t)
			img := mkext4test.WriteImage(t, tr, mkext4test.Options(c.kind), c.size)
			mkext4test.Fsck(t, img)
			checkStat(t, img, tr)
			checkDump(t, img, tr)
			compareTree(t, openImage(t, img), tr)
		})
	}
}

// checkDump compares the contents that debugfs takes out with the tree's.
func checkDump(t *testing.T, img string, tr tree.Tree) {
	t.Helper()
	dir := t.TempDir()
	var script strings.Builder
	for k, e := range tr {
		if e.Mode.IsRegular() && !e.IsHardlink() {
			script.WriteString("dump \"/" + e.Path + "\" " + filepath.Join(dir, string(rune('a'+k/26))+string(rune('a'+k%26))) + "\n")
		}
	}
	cmds := filepath.Join(dir, "commands")
	if err := os.WriteFile(cmds, []byte(script.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	mkext4test.Run(t, "debugfs", "-f", cmds, img)
	for k, e := range tr {
		if !e.Mode.IsRegular() || e.IsHardlink() {
			continue
		}
		got, err := os.ReadFile(filepath.Join(dir, string(rune('a'+k/26))+string(rune('a'+k%26))))
		if err != nil {
			t.Errorf("%s: %v", e.Path, err)
		} else if want := contentOf(t, e); !bytes.Equal(got, want) {
			t.Errorf("%s: debugfs reads %d bytes, not the %d written", e.Path, len(got), len(want))
		}
	}
}

func contentOf(t testing.TB, e *tree.Entry) []byte {
	t.Helper()
	if e.Open == nil {
		return nil
	}
	r, err := e.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// compareTree reads back with package ext4, which has oracles of its own.
func compareTree(t *testing.T, fsys *ext4.FS, tr tree.Tree) {
	t.Helper()
	for _, e := range tr {
		info, err := fsys.Lstat(e.Path)
		if err != nil {
			t.Error(err)
			continue
		}
		src := e
		for _, first := range tr {
			if e.IsHardlink() && first.Path == e.Link {
				src = first
			}
		}
		i := info.Sys().(*ext4.Inode)
		if info.Mode() != src.Mode || i.UID != src.UID || i.GID != src.GID || i.Major != src.Major || i.Minor != src.Minor {
			t.Errorf("%s: %v %d:%d dev %d:%d, want %+v", e.Path, info.Mode(), i.UID, i.GID, i.Major, i.Minor, src)
		}
		if !src.ModTime.IsZero() && !info.ModTime().Equal(src.ModTime) {
			t.Errorf("%s: time %v, want %v", e.Path, info.ModTime(), src.ModTime)
		}
		attrs, err := i.XAttrs()
		if err != nil || len(attrs) != len(src.XAttrs) {
			t.Errorf("%s: attributes %v, %v", e.Path, attrs, err)
		}
		for name, want := range src.XAttrs {
			if !bytes.Equal(attrs[name], want) {
				t.Errorf("%s: %s is %x, want %x", e.Path, name, attrs[name], want)
			}
		}
		if src.Mode.IsRegular() {
			got, err := fs.ReadFile(fsys, e.Path)
			if err != nil || !bytes.Equal(got, contentOf(t, src)) {
				t.Errorf("%s: content differs: %v", e.Path, err)
			}
		}
	}
}

// TestWriteHashedDirs writes directories of one, two and three levels of index.
func TestWriteHashedDirs(t *testing.T) {
	for _, c := range []struct {
		name, suffix string
		n            int
		kind         mkext4.Kind
	}{
		{"one level", "", 5000, mkext4.Ext4}, {"two levels", strings.Repeat("x", 200), 60000, mkext4.Ext4}, {"ext2", "", 3000, mkext4.Ext2},
		{"not ASCII", "\u00fc\u20ac\U0001f600", 2000, mkext4.Ext4},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tr := mkext4test.BigDirTree(t, c.n, c.suffix)
			img := mkext4test.WriteImage(t, tr, mkext4test.Options(c.kind), 300<<20)
			mkext4test.Fsck(t, img)
			if out := mkext4test.Run(t, "debugfs", "-R", "stat /big", img); strings.Contains(out, "Flags: 0x81000") != (c.kind == mkext4.Ext4) {
				t.Errorf("hashed directory flags: %s", out)
			}
			entries, err := openImage(t, img).ReadDir("big")
			if err != nil || len(entries) != c.n {
				t.Errorf("%d names, %v, want %d", len(entries), err, c.n)
			}
		})
	}
}

// TestGrow lets resize2fs grow a file system beyond what its descriptors hold.
func TestGrow(t *testing.T) {
	for _, size := range []int64{20 << 20, 1 << 30} {
		img := mkext4test.WriteImage(t, mkext4test.SampleTree(t), mkext4test.Options(mkext4.Ext4), size)
		for _, to := range []int64{4 << 30, 600 << 30} {
			if err := os.Truncate(img, to); err != nil {
				t.Fatal(err)
			}
			if out := mkext4test.Run(t, "resize2fs", img); strings.Contains(out, "Moving") {
				t.Logf("%s", out)
			}
			if got := openImage(t, img).Blocks(); got != uint64(to/4096) {
				t.Errorf("grown to %d blocks, want %d", got, to/4096)
			}
			mkext4test.Fsck(t, img)
		}
	}
}

// TestContentErrors writes files that are not as long as they say.
func TestContentErrors(t *testing.T) {
	broken := errors.New("broken")
	for name, open := range map[string]func() (io.ReadCloser, error){
		"short": mkext4test.Opener(make([]byte, 4999)), "long": mkext4test.Opener(make([]byte, 5001)), "missing": mkext4test.Opener(nil),
		"no open": func() (io.ReadCloser, error) { return nil, broken },
	} {
		entries := []*tree.Entry{{Path: "dir/file", Size: 5000, Mode: 0o644, Open: open}}
		p, err := mkext4test.NewInodeSet(t, entries, mkext4test.Options(mkext4.Ext2)).Plan(4 << 20)
		if err != nil {
			t.Fatal(err)
		}
		var te *mkext4.TreeError
		if err := p.Write(discard{}); !errors.As(err, &te) || te.Path != "dir/file" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type discard struct{}

func (discard) WriteAt(p []byte, _ int64) (int, error) { return len(p), nil }

// openImage opens an image file for reading.
func openImage(t testing.TB, img string) *ext4.FS {
	t.Helper()
	fsys, err := ext4.Open(mkext4test.OpenFile(t, img))
	if err != nil {
		t.Fatal(err)
	}
	return fsys
}
