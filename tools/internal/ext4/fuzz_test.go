package ext4

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"shimboot/tools/internal/ext4/ondisk"
	"shimboot/tools/internal/mkext4"
)

// FuzzOpen opens an image and reads all of it. The image is one of a few, with
// bytes changed: patch is a list of 4 bytes each, of which three choose a
// place among the lines of 16 bytes that are not zero, and the fourth is put
// there. Thus the fuzzer wastes nothing on empty space. With another base the
// patch is the image itself.
func FuzzOpen(f *testing.F) {
	bases := append(storedImages(f), smallImage(f, mkext4.Ext2), smallImage(f, mkext4.Ext4))
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
		if err := tryImage(t, img); len(patch) == 0 && int(base) < len(bases) && err != nil {
			t.Fatalf("base %d: %v", base, err)
		}
	})
}

// FuzzPart puts data in the place of one part of an image that mke2fs made: the
// superblock, the group descriptors, an inode, or a block of a directory, of
// attributes or of a map. Index counts the parts of all images.
func FuzzPart(f *testing.F) {
	images := storedImages(f)
	var parts []part
	for k, b := range images {
		parts = append(parts, partsOf(f, k, b)...)
	}
	for k, p := range parts {
		f.Add(uint16(k), images[p.image][p.start:p.end])
	}
	f.Fuzz(func(t *testing.T, index uint16, data []byte) {
		p := parts[int(index)%len(parts)]
		img := bytes.Clone(images[p.image])
		copy(img[p.start:p.end], data)
		tryImage(t, img)
	})
}

// tryImage reads all of an image, twice where checksums are in the way, and
// gives the error of the first time. Errors must be the format's.
func tryImage(t *testing.T, img []byte) error {
	t.Helper()
	var errs [2]error
	for k, open := range []func() (*FS, error){
		func() (*FS, error) { return Open(bytes.NewReader(img), int64(len(img))) },
		func() (*FS, error) { return unsealed(img) },
	} {
		fsys, err := open()
		if err == nil {
			err = walkAll(fsys)
		}
		if err != nil && !errors.Is(err, ErrFormat) {
			t.Fatalf("not an error of the format: %v", err)
		}
		if errs[k] = err; err == nil || !strings.Contains(err.Error(), "checksum") {
			break
		}
	}
	return errs[0]
}

// part is where a part of an image is.
type part struct {
	image      int
	start, end int64
}

func partsOf(t testing.TB, image int, b []byte) (parts []part) {
	t.Helper()
	fsys := must(Open(bytes.NewReader(b), int64(len(b))))
	seen := map[int64]bool{}
	add := func(start, size int64) {
		if !seen[start] && start > 0 {
			parts = append(parts, part{image, start, start + size})
		}
		seen[start] = true
	}
	add(ondisk.SuperblockOffset, ondisk.SuperblockSize)
	add(int64(fsys.descBlock(0))*fsys.bs, fsys.desc*int64(fsys.groups))
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || strings.Contains(p, "number") && !strings.HasSuffix(p, "7") { // a few of many alike
			return err
		}
		i := must(fsys.Lstat(p)).Sys().(*Inode)
		add(i.pos, int64(len(i.raw)))
		add(int64(i.fileACL)*fsys.bs, fsys.bs)
		if i.Flags&(ondisk.FlagExtents|ondisk.FlagInlineData) == 0 && i.Size > 12*fsys.bs {
			add(int64(binary.LittleEndian.Uint32(i.iblock[4*ondisk.DirectBlocks:]))*fsys.bs, fsys.bs)
		}
		if i.Flags&ondisk.FlagExtents != 0 && i.iblock[6] > 0 { // the depth
			add(int64(binary.LittleEndian.Uint32(i.iblock[ondisk.ExtentHeaderSize+4:]))*fsys.bs, fsys.bs)
		}
		if d.IsDir() && i.Flags&ondisk.FlagInlineData == 0 {
			phys, _, err := i.mapBlock(0)
			add(int64(must(phys, err))*fsys.bs, fsys.bs)
		}
		return nil
	})
	if err != nil || len(parts) < 8 {
		t.Fatalf("image %d: %d parts, %v", image, len(parts), err)
	}
	return parts
}

func storedImages(t testing.TB) (images [][]byte) {
	t.Helper()
	packed, err := filepath.Glob("testdata/*.img.gz")
	if err != nil || len(packed) == 0 {
		t.Fatalf("no images in testdata: %v", err)
	}
	for _, name := range packed {
		images = append(images, unpack(t, name))
	}
	return images
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
		if err := fstest.TestFS(fsys, "dir/hello", "link", "slow", "sparse"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		got, err := fsys.ReadFile("link/hello")
		if err != nil || string(got) != "hello\n" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
