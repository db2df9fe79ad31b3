package diskimage_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/diskimage"
	"shimboot/tools/internal/testenv"
)

// FuzzOpen opens the bytes both ways. Where the whole image can be inflated,
// what is inflated on demand is the same.
func FuzzOpen(f *testing.F) {
	f.Add(zipped(f, "disk.bin", []byte("a small disk image, a small disk image")))
	f.Add(append(zipped(f, "disk.img", bytes.Repeat([]byte("disk"), 300)), "behind"...))
	f.Add([]byte("a raw disk image"))
	dir := f.TempDir()
	work := f.TempDir()
	path := filepath.Join(dir, "image")
	f.Fuzz(func(t *testing.T, d []byte) {
		if err := os.WriteFile(path, d, 0o600); err != nil {
			t.Fatal(err)
		}
		o := diskimage.Options{WorkDir: work, MaxSize: 1 << 20}
		var whole, onDemand *diskimage.Image
		var err, err2 error
		testenv.Bounded(t, o.MaxSize, func() {
			whole, err = diskimage.Open(context.Background(), path, o)
			onDemand, err2 = diskimage.OpenForward(context.Background(), path, o)
		})
		for _, err := range []error{err, err2} {
			if err != nil && !badinput.Is(err) {
				t.Errorf("not blamed on the input: %v", err)
			}
		}
		if left, err := os.ReadDir(work); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
		if err == nil {
			defer closeImage(t, whole)
		}
		if err2 == nil {
			defer closeImage(t, onDemand)
		}
		switch {
		case err == nil && err2 != nil:
			t.Errorf("only as a whole: %v", err2)
		case err == nil:
			compare(t, whole, onDemand)
		}
	})
}

func closeImage(t *testing.T, i *diskimage.Image) {
	if err := i.Close(); err != nil {
		t.Error(err)
	}
}

func compare(t *testing.T, whole, onDemand *diskimage.Image) {
	t.Helper()
	size := whole.Size()
	if onDemand.Size() != size || size > 1<<20 && whole.Zip() {
		t.Fatalf("%d and %d bytes", size, onDemand.Size())
	}
	want, got := make([]byte, size), make([]byte, size)
	if _, err := whole.ReadAt(want, 0); err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	onDemand.Keep(0, size)
	if _, err := onDemand.ReadAt(got, 0); err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("other bytes come out")
	}
}
