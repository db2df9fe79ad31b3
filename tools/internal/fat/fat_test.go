package fat_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/fat"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/testenv/hostile"
)

// made is a FAT made by mkfs.fat and mtools, of a tree of files.
func made(t testing.TB, kib, bits string, files map[string]string) []byte {
	t.Helper()
	img := filepath.Join(t.TempDir(), "img")
	testenv.Run(t, "mkfs.fat", "-C", "-n", "STATE", "-F", bits, "-s", "1", img, kib)
	dir := t.TempDir()
	for name, content := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		when := time.Date(2026, 11, 23, 10, 20, 30, 0, time.Local)
		if err := os.Chtimes(file, when, when); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := filepath.Glob(dir + "/*")
	if err != nil {
		t.Fatal(err)
	}
	testenv.Run(t, "mcopy", append([]string{"-s", "-m", "-i", img}, append(entries, "::/")...)...)
	return testenv.Read(t, img)
}

func tree() map[string]string {
	files := map[string]string{
		"dev_image/etc/lsb-factory": "BOARD=test\n", "UPPER.TXT": "upper", "lower.txt": "lower", "Mixed.Txt": "mixed",
		"wifi-credentials.json": `{"ssid":"x"}`, "empty": "", "ünïcode ☃.txt": "wide", "no.ext.at.all": "dots",
		strings.Repeat("n", 200): "long", "large": strings.Repeat("0123456789", 5000),
	}
	for i := range 40 {
		files[fmt.Sprintf("many/file number %d", i)] = fmt.Sprint(i)
	}
	return files
}

func TestReadsWhatMtoolsWrites(t *testing.T) {
	t.Setenv("LC_ALL", "C.UTF-8")
	for bits, kib := range map[string]string{"12": "1024", "16": "16384", "32": "65536"} {
		t.Run("FAT"+bits, func(t *testing.T) {
			files := tree()
			d := made(t, kib, bits, files)
			fsys, err := fat.Open(bytes.NewReader(d), int64(len(d)))
			if err != nil {
				t.Fatal(err)
			}
			list, err := fsys.List()
			if err != nil || fsys.Label() != "STATE" {
				t.Fatalf("label %q, %v", fsys.Label(), err)
			}
			found := 0
			for _, f := range list {
				if f.Dir {
					continue
				}
				found++
				got, err := fsys.ReadFile(f.Path)
				if want, ok := files[f.Path]; err != nil || !ok || string(got) != want || f.Size != int64(len(want)) {
					t.Errorf("%q: %v, %d bytes, want %d", f.Path, err, len(got), len(want))
				}
				if when := f.ModTime.Format(time.DateTime); when != "2026-11-23 10:20:30" {
					t.Errorf("%q: %s", f.Path, when)
				}
			}
			if found != len(files) {
				t.Errorf("%d files, want %d", found, len(files))
			}
			if _, err := fsys.ReadFile("DEV_image/ETC/lsb-factory"); err != nil {
				t.Error(err)
			}
			if _, err := fsys.ReadFile("dev_image"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("a directory: %v", err)
			}
			out, err := testenv.Try(t, "fsck.fat", "-n", testenv.Write(t, "img", d))
			used := (fsys.Size() - fsys.Free()) / 512
			if want := fmt.Sprintf("%d/%d clusters", used, fsys.Size()/512); err != nil || !strings.Contains(out, want) {
				t.Errorf("want %s in %s", want, out)
			}
		})
	}
}

func TestHostile(t *testing.T) {
	good := made(t, "1024", "12", map[string]string{"dir/file": "x"})
	for name, test := range map[string]struct {
		at   int
		b    string
		want string
	}{
		"no boot sector":     {510, "\x00", "boot sector"},
		"sectors of nothing": {11, "\x00\x00", "boot sector"},
		"larger than it is":  {19, "\x00\xff", "size of the FAT"},
		"no room for data":   {17, "\xff\xff", "size of the FAT"},
		"a short table":      {22, "\x01\x00", "table of the FAT"},
	} {
		d := bytes.Clone(good)
		copy(d[test.at:], test.b)
		_, err := fat.Open(bytes.NewReader(d), int64(len(d)))
		if !badinput.Is(err) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
	loop := bytes.Clone(good)
	at := bytes.Index(loop, []byte("DIR        ")) // short name of the directory in the root
	copy(loop[at+26:], "\x00\x00")                 // now it is the root, or rather nothing
	fsys, err := fat.Open(bytes.NewReader(loop), int64(len(loop)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fsys.List(); !badinput.Is(err) {
		t.Errorf("a directory in itself: %v", err)
	}
}

// Small images whose directories take very much memory or time.
func TestBounded(t *testing.T) {
	for name, test := range map[string]struct {
		image []byte
		want  string
	}{
		"deep":   {hostile.FATDeep(4), "want at most 4096"},
		"shared": {hostile.FATShared(), "want one of no other directory"},
	} {
		fsys, err := fat.Open(bytes.NewReader(test.image), int64(len(test.image)))
		if err != nil {
			t.Fatal(err)
		}
		testenv.Bounded(t, 0, func() { _, err = fsys.List() })
		if !badinput.Is(err) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

// A file is found without a look at what is not on the way to it.
func TestReadsBesideDamage(t *testing.T) {
	d := made(t, "1024", "12", map[string]string{"broken/file": "x", "good/file": "y"})
	at := bytes.Index(d, []byte("BROKEN     "))
	if at < 0 {
		at = bytes.Index(bytes.ToUpper(d), []byte("BROKEN     "))
	}
	copy(d[at+26:], "\x00\x00") // now it is nowhere
	fsys, err := fat.Open(bytes.NewReader(d), int64(len(d)))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := fsys.ReadFile("good/file"); err != nil || string(got) != "y" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := fsys.ReadFile("broken/file"); !badinput.Is(err) {
		t.Errorf("in the broken directory: %v", err)
	}
	if _, err := fsys.ReadFile("good/file/below"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("below a file: %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(hostile.FATDeep(4)[:64<<10])
	f.Add(made(f, "64", "12", map[string]string{"dir/a long name": "x", "B.TXT": "b"}))
	f.Fuzz(func(t *testing.T, d []byte) {
		var err error
		testenv.Bounded(t, int64(len(d)), func() { err = readLast(d) })
		if err != nil && !badinput.Is(err) && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("not blamed on the input: %v", err)
		}
	})
}

// readLast reads the last file there is.
func readLast(d []byte) error {
	fsys, err := fat.Open(bytes.NewReader(d), int64(len(d)))
	if err != nil {
		return err
	}
	fsys.Free()
	list, err := fsys.List()
	if err != nil || len(list) == 0 {
		return err
	}
	_, err = fsys.ReadFile(list[len(list)-1].Path)
	return err
}
