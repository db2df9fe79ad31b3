package ext4

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// FuzzOpen opens an image and reads all of it. The image is one of a few, with
// bytes changed: patch is a list of 4 bytes each, of which three choose a
// place among the lines of 16 bytes that are not zero, and the fourth is put
// there. Thus the fuzzer wastes nothing on empty space. With another base the
// patch is the image itself.
func FuzzOpen(f *testing.F) {
	bases := [][]byte{smallImage(f, Ext2), smallImage(f, Ext4)}
	packed, err := filepath.Glob("testdata/*.img.gz")
	if err != nil || len(packed) == 0 {
		f.Fatalf("no images in testdata: %v", err)
	}
	for _, name := range packed {
		bases = append(bases, unpack(f, name))
	}
	lines := make([][]int, len(bases))
	for k, b := range bases {
		lines[k] = busyLines(b)
		f.Add(byte(k), []byte{})
		f.Add(byte(k), []byte{0, 0, 0, 1, 0, 9, 3, 255, 0, 40, 0, 77})
	}
	f.Add(byte(255), bases[0][:4096])
	f.Fuzz(func(t *testing.T, base byte, patch []byte) {
		img := patch
		if int(base) < len(bases) {
			img = patched(bases[base], lines[base], patch)
		}
		fsys, err := Open(bytes.NewReader(img), int64(len(img)))
		if err == nil {
			err = walkAll(fsys)
		}
		if err != nil && !errors.Is(err, ErrFormat) {
			t.Fatalf("not an error of the format: %v", err)
		}
		if len(patch) == 0 && int(base) < len(bases) && err != nil {
			t.Fatalf("base %d: %v", base, err)
		}
	})
}

// busyLines lists the offsets of lines of 16 bytes that are not all zero.
func busyLines(b []byte) []int {
	var out []int
	for off := 0; off+16 <= len(b); off += 16 {
		if !bytes.Equal(b[off:off+16], make([]byte, 16)) {
			out = append(out, off)
		}
	}
	return out
}

func patched(base []byte, lines []int, patch []byte) []byte {
	img := bytes.Clone(base)
	for ; len(patch) >= 4; patch = patch[4:] {
		line := lines[(int(patch[0])<<8|int(patch[1]))%len(lines)]
		img[line+int(patch[2]%16)] = patch[3]
	}
	return img
}

func unpack(t testing.TB, name string) []byte {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestReadStored reads the images that mke2fs made once, so that there is a
// test of the reader also where e2fsprogs is not installed.
func TestReadStored(t *testing.T) {
	packed, err := filepath.Glob("testdata/*.img.gz")
	if err != nil || len(packed) < 4 {
		t.Fatalf("%d images, %v", len(packed), err)
	}
	for _, name := range packed {
		b := unpack(t, name)
		fsys, err := Open(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var wg sync.WaitGroup
		for range 4 { // an FS may be used by several goroutines
			wg.Go(func() {
				if err := walkAll(fsys); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		wg.Wait()
		got, err := fsys.ReadFile("link/hello")
		if err != nil || string(got) != "hello\n" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
