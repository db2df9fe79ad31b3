package ext4

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shimboot/tools/internal/mkext4/mkext4test"
)

// sourceKind says what a source directory is for.
type sourceKind struct {
	large  bool // 5000 names in a directory, a file that needs triple indirection
	noTail bool // no holes at the end, which mke2fs 1.47.0 cuts off with inline_data
}

// sourceDir makes a directory for mke2fs -d to copy: holes in front, within
// and at the end, many fragments, links, many names.
func sourceDir(t testing.TB, kind sourceKind) string {
	t.Helper()
	dir := t.TempDir()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	write := func(name string, data []byte) {
		must(os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755))
		must(os.WriteFile(filepath.Join(dir, name), data, 0o640))
	}
	write("empty", nil)
	for _, n := range []int{1, 59, 60, 61, 150, 1023, 1024, 1025, 4096, 12 << 10, 300 << 10, 3 << 20} {
		write(fmt.Sprintf("sizes/%d", n), mkext4test.Pattern(fmt.Sprint(n), n))
	}
	sparse := func(name string, size int64, at ...int64) {
		f, err := os.Create(filepath.Join(dir, name))
		must(err)
		if kind.noTail && len(at) > 0 {
			at = append(at, size-4096)
		}
		for _, off := range at {
			_, err := f.WriteAt(mkext4test.Pattern(fmt.Sprint(name, off), 4096), off)
			must(err)
		}
		must(f.Truncate(size))
		must(f.Close())
	}
	sparse("leading", 200<<10, 196<<10)
	sparse("trailing", 10<<20, 0)
	names, middle := 300, int64(8<<20)
	if kind.large {
		names, middle = 5000, 80<<20 // beyond the double indirect block of 1 KiB
	}
	sparse("middle", middle, 4096, middle/8*7, middle-1<<20)
	sparse("all", 1<<20)
	var at []int64
	for k := range int64(700) {
		at = append(at, k*12288)
	}
	sparse("fragments", 700*12288, at...)
	for k := range names {
		write(fmt.Sprintf("many/a name of some length to fill blocks %d", k), nil)
	}
	write("deep/a/b/c/d/e/f", []byte("deep"))
	must(os.Symlink("/deep/a/b", filepath.Join(dir, "abs")))
	must(os.Symlink("../../../deep/a", filepath.Join(dir, "up")))
	must(os.Symlink(strings.Repeat("./", 90)+"sizes", filepath.Join(dir, "slow")))
	must(os.Symlink("loop", filepath.Join(dir, "loop")))
	must(os.Symlink("nowhere", filepath.Join(dir, "dangling")))
	must(os.Link(filepath.Join(dir, "sizes/1"), filepath.Join(dir, "hard")))
	must(os.Chmod(filepath.Join(dir, "sizes/61"), 0o755|fs.ModeSetuid|fs.ModeSetgid))
	must(os.Chmod(filepath.Join(dir, "deep"), 0o777|fs.ModeSticky))
	must(os.Chtimes(filepath.Join(dir, "sizes/60"), time.Time{}, time.Unix(1e9, 0)))
	return dir
}

// compareDir compares a whole file system with the directory it was made of.
func compareDir(t *testing.T, fsys *FS, dir string) {
	t.Helper()
	seen := 0
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if p == "lost+found" {
			return fs.SkipDir
		}
		seen++
		want, err := os.Lstat(filepath.Join(dir, p))
		if err != nil {
			return err
		}
		got, err := fsys.Lstat(p)
		if err != nil {
			return err
		}
		if p != "." && (got.Mode() != want.Mode() || d.Type() != want.Mode().Type()) {
			t.Errorf("%s: mode %v, type %v, want %v", p, got.Mode(), d.Type(), want.Mode())
		}
		if p != "." && got.ModTime().Unix() != want.ModTime().Unix() {
			t.Errorf("%s: time %v, want %v", p, got.ModTime(), want.ModTime())
		}
		switch {
		case want.Mode().IsRegular():
			compareFile(t, fsys, p, filepath.Join(dir, p), want.Size())
		case want.Mode()&fs.ModeSymlink != 0:
			target, err := fsys.ReadLink(p)
			if hostTarget, _ := os.Readlink(filepath.Join(dir, p)); err != nil || target != hostTarget {
				t.Errorf("%s: target %q, %v, want %q", p, target, err, hostTarget)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	want := 0
	if err := filepath.WalkDir(dir, func(string, fs.DirEntry, error) error { want++; return nil }); err != nil || seen != want {
		t.Errorf("%d names, want %d (%v)", seen, want, err)
	}
}

// compareFile reads both in odd steps, so that reads cross block borders.
func compareFile(t *testing.T, fsys *FS, p, host string, size int64) {
	t.Helper()
	got, err := fsys.Open(p)
	if err != nil {
		t.Error(err)
		return
	}
	defer got.Close()
	want, err := os.Open(host)
	if err != nil {
		t.Fatal(err)
	}
	defer want.Close()
	a, b := make([]byte, 123457), make([]byte, 123457)
	var total int64
	for {
		n, err := io.ReadFull(got, a)
		m, _ := io.ReadFull(want, b)
		if !bytes.Equal(a[:n], b[:m]) {
			t.Errorf("%s: content differs near byte %d (%v)", p, total, err)
			return
		}
		if total += int64(n); n < len(a) {
			break
		}
	}
	if total != size {
		t.Errorf("%s: %d bytes, want %d", p, total, size)
	}
}
