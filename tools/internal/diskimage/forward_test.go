package diskimage_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/diskimage"
	"shimboot/tools/internal/testenv"
)

func forward(t *testing.T, d []byte) *diskimage.Image {
	t.Helper()
	img, err := diskimage.OpenForward(context.Background(), testenv.Write(t, "image", d), diskimage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := img.Close(); err != nil {
			t.Error(err)
		}
	})
	return img
}

// sparseZip is a zip of size bytes with something at an offset, and zeros.
func sparseZip(t *testing.T, size, at int64, what []byte) []byte {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "disk"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(size); err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(what, at); err != nil {
		t.Fatal(err)
	}
	return testenv.Read(t, testenv.Zip(t, "disk.bin", f.Name()))
}

func TestForwardInflatesNoFurtherThanItIsRead(t *testing.T) {
	const size, at = 200 << 20, 10 << 20
	kernel := bytes.Repeat([]byte("a kernel "), 1<<19) // 4.5 MiB
	img := forward(t, sparseZip(t, size, at, kernel))
	if !img.Zip() || !img.Forward() || img.Size() != size {
		t.Errorf("zip %v, forward %v, %d bytes", img.Zip(), img.Forward(), img.Size())
	}
	table := make([]byte, 34*512)
	if _, err := img.ReadAt(table, 0); err != nil || img.Inflated() > 1<<20 {
		t.Errorf("the table: %v, %d bytes inflated", err, img.Inflated())
	}
	img.Keep(at, 32<<20)
	section := io.NewSectionReader(img, at, 32<<20)
	// The end first: what is before it has to be kept.
	got := make([]byte, len(kernel))
	if _, err := section.ReadAt(got[len(got)-10:], int64(len(got)-10)); err != nil {
		t.Fatal(err)
	}
	if _, err := section.ReadAt(got[:len(got)-10], 0); err != nil || !bytes.Equal(got, kernel) {
		t.Errorf("%v, or other bytes", err)
	}
	if n := img.Inflated(); n < at+int64(len(kernel)) || n > 16<<20 {
		t.Errorf("%d bytes inflated", n)
	}
	if _, err := img.ReadAt(table, 0); err != nil {
		t.Errorf("the table again: %v", err)
	}
}

// Ranges that start in the head, behind it, and at block borders give what a
// raw image gives.
func TestForwardReadsAsRaw(t *testing.T) {
	content := make([]byte, 3<<20+123)
	for i := range content {
		content[i] = byte(i * i >> 7)
	}
	packed := zipped(t, "a.bin", content)
	end := int64(len(content))
	for _, from := range []int64{0, 1, 1000, 64<<10 - 1, 64 << 10, 64<<10 + 1, 1 << 20, 2<<20 - 5, end - 1} {
		for _, size := range []int64{1, 100, 64 << 10, 1 << 20, 1<<20 + 1, end} {
			size = min(size, end-from)
			img := forward(t, packed)
			img.Keep(from, size)
			got, err := io.ReadAll(io.NewSectionReader(img, from, size))
			if err != nil || !bytes.Equal(got, content[from:from+size]) {
				t.Errorf("%d bytes at %d: %v, or other bytes", size, from, err)
			}
		}
	}
	raw := forward(t, content)
	raw.Keep(0, 1)
	got, err := io.ReadAll(io.NewSectionReader(raw.Head(), 0, end))
	if err != nil || !bytes.Equal(got, content) || raw.Forward() || raw.Inflated() != 0 {
		t.Errorf("raw: %v, forward %v, %d inflated", err, raw.Forward(), raw.Inflated())
	}
}

func TestHeadEndsWithZeros(t *testing.T) {
	content := bytes.Repeat([]byte{7}, 1<<20)
	img := forward(t, zipped(t, "a.bin", content))
	want := append(bytes.Repeat([]byte{7}, 64<<10), make([]byte, 1<<20-64<<10)...)
	got, err := io.ReadAll(io.NewSectionReader(img.Head(), 0, 2<<20))
	if err != nil || !bytes.Equal(got, want) || img.Inflated() != 64<<10 {
		t.Errorf("%v, %d bytes, %d inflated", err, len(got), img.Inflated())
	}
}

func TestForwardRefusals(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<14) // 256 KiB
	packed := sparseZip(t, 200<<20, 1<<20, content)
	read := func(d []byte, keep, off int64) error {
		img := forward(t, d)
		img.Keep(keep, 190<<20)
		_, err := img.ReadAt(make([]byte, 16), off)
		return err
	}
	if err := read(packed, 1<<20, 1<<20-1); err == nil || !strings.Contains(err.Error(), "are not kept") {
		t.Errorf("before the range: %v", err)
	}
	if err := read(packed, 1<<20, 191<<20); err == nil || !strings.Contains(err.Error(), "are not kept") {
		t.Errorf("behind the range: %v", err)
	}
	if err := read(packed, 1<<20, 130<<20); !badinput.Is(err) || !strings.Contains(err.Error(), "want at most 134217728; ") {
		t.Errorf("too much to keep: %v", err)
	}
	short := declare(t, zipped(t, "a.bin", content), 1<<30)
	img := forward(t, short)
	img.Keep(0, 1<<30)
	for range 2 { // it stays an error
		if _, err := img.ReadAt(make([]byte, 1), 100<<10); !badinput.Is(err) || !strings.Contains(err.Error(), "want a whole zip") {
			t.Errorf("less than it declares: %v", err)
		}
	}
}

func TestForwardLeavesNothingOpenForBadZips(t *testing.T) {
	for name, d := range map[string][]byte{
		"no image": zipped(t, "a.txt", []byte("text")),
		"cut off":  zipped(t, "a.bin", make([]byte, 5000))[:40],
		"lies":     declare(t, zipped(t, "a.bin", make([]byte, 5000)), 6000),
	} {
		before := openFiles(t)
		_, err := diskimage.OpenForward(context.Background(), testenv.Write(t, "image", d), diskimage.Options{})
		if !badinput.Is(err) || openFiles(t) != before {
			t.Errorf("%s: %v, %d files open, %d before", name, err, openFiles(t), before)
		}
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

func TestForwardEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	file := testenv.Write(t, "image", sparseZip(t, 8<<20, 0, nil))
	var told int64
	img, err := diskimage.OpenForward(ctx, file, diskimage.Options{Progress: func(done, _ int64) { told = done }})
	if err != nil {
		t.Fatal(err)
	}
	defer img.Close()
	img.Keep(4<<20, 1<<20)
	if _, err := img.ReadAt(make([]byte, 1), 4<<20); err != nil || told != 5<<20 {
		t.Errorf("%v, told of %d bytes", err, told)
	}
	img, err = diskimage.OpenForward(ctx, file, diskimage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer img.Close()
	img.Keep(4<<20, 1<<20)
	cancel()
	if _, err := img.ReadAt(make([]byte, 1), 4<<20); !errors.Is(err, context.Canceled) || badinput.Is(err) {
		t.Errorf("cancelled: %v", err)
	}
}
