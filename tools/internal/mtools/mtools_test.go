package mtools_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"shimboot/tools/internal/mtools"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/tree"
)

const start, size = 1 << 20, 4 << 20

// made is a file system behind a mebibyte of something else, with a file in a
// directory.
func made(t *testing.T) *mtools.Volume {
	t.Helper()
	testenv.Need(t, "mkfs.fat", "mmd", "mcopy")
	image := testenv.Write(t, "image", nil)
	if err := os.Truncate(image, start+size+1<<20); err != nil {
		t.Fatal(err)
	}
	v := &mtools.Volume{Image: image, Start: start, Size: size, Time: time.Unix(1e9, 0)}
	files, err := tree.Merge([]*tree.Entry{
		{Path: "dev_image", Mode: fs.ModeDir | 0o755},
		{
			Path: "dev_image/A longer name.txt", Mode: 0o644, Size: 4, ModTime: time.Unix(1.2e9, 0),
			Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("text")), nil },
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Make(t.Context(), files, "STATE"); err != nil {
		t.Fatal(err)
	}
	return v
}

// listed is what mdir and fsck.fat make of it.
func listed(t *testing.T, v *mtools.Volume) string {
	t.Helper()
	d := testenv.Read(t, v.Image)
	if strings.Trim(string(d[:start]), "\x00") != "" || strings.Trim(string(d[start+size:]), "\x00") != "" {
		t.Error("something was written beside the file system")
	}
	file := testenv.Write(t, "fs", d[start:][:size])
	testenv.Run(t, "fsck.fat", "-n", file)
	return testenv.Run(t, "env", "TZ=UTC", "mdir", "-/", "-i", file, "::")
}

func TestMake(t *testing.T) {
	list := listed(t, made(t))
	for _, want := range []string{"Volume in drive : is STATE", "DEV_IM~1", "A longer name.txt", "2008-01-10"} {
		if !strings.Contains(list, want) {
			t.Errorf("no %q in\n%s", want, list)
		}
	}
}

func TestPutReplaces(t *testing.T) {
	v := made(t)
	if err := v.Mkdir(t.Context(), "more"); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"first", "second one"} {
		if err := v.Put(t.Context(), testenv.Write(t, "with:colon", []byte(text)), "more/file"); err != nil {
			t.Fatal(err)
		}
	}
	if list := listed(t, v); strings.Count(list, "file ") != 1 {
		t.Errorf("not once:\n%s", list)
	}
	if got := testenv.Run(t, "mtype", "-i", v.Image+"@@1M", "::/more/file"); got != "second one" {
		t.Errorf("%q", got)
	}
}

func TestWhatFails(t *testing.T) {
	v := made(t)
	if err := v.Put(t.Context(), "/nonexistent", "x"); err == nil || !strings.Contains(err.Error(), "mcopy: ") {
		t.Errorf("a file that is not there: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := v.Mkdir(ctx, "late"); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	if err := v.Mkdir(t.Context(), "dir"); err == nil || !strings.Contains(err.Error(), "install dosfstools and mtools") {
		t.Errorf("without the programs: %v", err)
	}
}
