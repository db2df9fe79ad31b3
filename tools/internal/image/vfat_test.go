package image

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/testenv"
)

// fill makes a directory with n files of size bytes in dir.
func fill(t *testing.T, dir string, n, size int) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		name := filepath.Join(dir, fmt.Sprintf("a rather long name of file %d", i))
		if err := os.WriteFile(name, make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// vfatSpec is one partition of the files in dir.
func vfatSpec(dir, size string) *Spec {
	return &Spec{Seed: "x", Partitions: []PartitionSpec{{
		Name: "STATE", Type: "linux-data", Size: size,
		Content: Content{Vfat: &Filesystem{Label: "STATE", Sources: []Source{{Directory: dir}}}},
	}}}
}

// buildVfat makes an image of the files in dir, checks its file system and
// gives that.
func buildVfat(t *testing.T, dir, size string) (*Partition, []byte) {
	t.Helper()
	p, err := NewPlan(t.Context(), vfatSpec(dir, size), Options{Time: time.Unix(1e9, 0)})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	f, err := os.OpenFile(testenv.Write(t, "img", nil), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var done, total int64
	if err := p.Write(context.Background(), f, func(d, n int64) { done, total = d, n }); err != nil {
		t.Fatal(err)
	}
	q := &p.Partitions[0]
	if done != total || total != q.Bytes {
		t.Errorf("progress ended at %d of %d bytes", done, total)
	}
	fsys := make([]byte, q.Size)
	if _, err := f.ReadAt(fsys, q.Start); err != nil {
		t.Fatal(err)
	}
	testenv.Run(t, "fsck.fat", "-n", testenv.Write(t, "part", fsys))
	return q, fsys
}

// A partition of its content's size holds the content, in every type of FAT.
func TestVfatOfItsContentsSize(t *testing.T) {
	for name, test := range map[string]struct{ dirs, files, size int }{
		"FAT12 of small files": {2, 100, 1},
		"FAT16 of 10 MB":       {3, 30, 110<<10 + 1},
		"FAT16 of one file":    {1, 1, 10_000_000},
		"FAT32":                {1, 4, 9 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for i := range test.dirs {
				fill(t, filepath.Join(dir, fmt.Sprint("directory", i)), test.files, test.size)
			}
			if q, _ := buildVfat(t, dir, "content"); q.Free < 0 || q.Free > q.Size-q.Bytes {
				t.Errorf("%d bytes, %d in files, %d free", q.Size, q.Bytes, q.Free)
			}
		})
	}
}

// What does not fit is refused by the plan, however little is missing.
func TestVfatTooSmall(t *testing.T) {
	dir := t.TempDir()
	fill(t, filepath.Join(dir, "d"), 1, 1<<20)
	if _, err := NewPlan(t.Context(), vfatSpec(dir, "1MiB"), Options{Time: time.Unix(0, 0)}); !badinput.Is(err) {
		t.Errorf("1 MiB in 1 MiB: %v", err)
	}
	root := t.TempDir()
	fill(t, root, 200, 1) // names of three entries each
	_, err := NewPlan(t.Context(), vfatSpec(root, "4MiB"), Options{Time: time.Unix(0, 0)})
	if !badinput.Is(err) || !strings.Contains(err.Error(), "in the root directory, want at most 512") {
		t.Errorf("200 files in the root: %v", err)
	}
}

// The settings of whoever runs it do not get into an image.
func TestHostSettingsStayOut(t *testing.T) {
	home := t.TempDir()
	if err := os.WriteFile(filepath.Join(home, ".mtoolsrc"), []byte("mtools_no_vfat=1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", home)
	t.Setenv("MTOOLSRC", filepath.Join(home, ".mtoolsrc"))
	t.Setenv("MTOOLS_NO_VFAT", "1")
	dir := t.TempDir()
	fill(t, dir, 1, 1)
	_, fsys := buildVfat(t, dir, "1MiB")
	long := []byte("a\x00 \x00r\x00a\x00t\x00") // the first five characters of a long name's entry
	if !bytes.Contains(fsys, long) {
		t.Error("no long name in the image")
	}
}
