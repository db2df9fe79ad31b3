package squashfs_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/squashfs"
	"shimboot/tools/internal/testenv"
)

func TestRefusals(t *testing.T) {
	image := makeImage(t, sample(t))
	put := func(offset int, value any) []byte {
		changed := bytes.Clone(image)
		if _, err := binary.Encode(changed[offset:], binary.LittleEndian, value); err != nil {
			t.Fatal(err)
		}
		return changed
	}
	for name, c := range map[string]struct {
		image []byte
		want  string
	}{
		"cut off":          {image[:len(image)/2], "squashfs size at offset 40"},
		"empty":            {nil, "found 0 bytes, want at least 96"},
		"lzma":             {put(20, uint16(2)), "squashfs compression at offset 20: found lzma, want gzip, xz without a filter"},
		"unknown":          {put(20, uint16(9)), "found compression 9"},
		"block size 0":     {put(12, uint32(0)), "squashfs block size at offset 12: found 0"},
		"odd block size":   {put(12, uint32(130000)), "found 130000, want a power of two"},
		"version":          {put(28, uint16(3)), "found 3.0, want 4.0"},
		"no owners":        {put(26, uint16(0)), "number of owners"},
		"table past end":   {put(72, uint64(1<<40)), "squashfs table at offset 72"},
		"table negative":   {put(48, uint64(1<<63)), "squashfs table at offset 48"},
		"many fragments":   {put(16, uint32(1<<31)), "squashfs table at offset 80"},
		"root inode":       {put(32, uint64(1<<47)), "squashfs: tables"},
		"lz4":              {makeImage(t, "/usr/bin/env", "-comp", "lz4"), "found lz4, want gzip"},
		"lzo":              {makeImage(t, "/usr/bin/env", "-comp", "lzo"), "found lzo, want gzip"},
		"machine-code xz":  {makeImage(t, "/usr/bin/env", "-comp", "xz", "-Xbcj", "x86"), "offset 102: found xz with a filter for machine code"},
		"other magic":      {put(0, uint32(0)), "squashfs magic"},
		"other's contents": {put(20, uint16(6)), "squashfs: tables"},
	} {
		t.Run(name, func(t *testing.T) {
			fsys, err := squashfs.Open(bytes.NewReader(c.image), int64(len(c.image)))
			if err == nil {
				_, err = readAll(fsys)
			}
			if err == nil || !badinput.Is(err) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// readAll reads everything and gives the first error.
func readAll(fsys *squashfs.FS) (n int64, err error) {
	err = fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.Type() == fs.ModeSymlink:
			_, err = fsys.ReadLink(name)
		case e.Type() == 0:
			var f fs.File
			if f, err = fsys.Open(name); err != nil {
				return err
			}
			var size int64
			size, err = io.Copy(io.Discard, io.LimitReader(f, 10<<20))
			n += size
		}
		return err
	})
	return n, err
}

// TestMediumFails: that is no fault of the image.
func TestMediumFails(t *testing.T) {
	image := makeImage(t, sample(t))
	broken := errors.New("unreadable sector")
	fsys, err := squashfs.Open(testenv.BadBlock{ReaderAt: bytes.NewReader(image), At: 200_000, Err: broken}, int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := readAll(fsys); !errors.Is(err, broken) || badinput.Is(err) {
		t.Errorf("got %v", err)
	}
}
