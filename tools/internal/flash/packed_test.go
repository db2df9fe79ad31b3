package flash_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/flash"
	"shimboot/tools/internal/testenv"
)

// packed gives the image as a zip and as zstd make of it.
func packed(t *testing.T, img string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Link(img, filepath.Join(dir, "shimboot.img")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	testenv.Run(t, "zip", "-q", "-1", "image.zip", "shimboot.img")
	testenv.Run(t, "zstd", "-q", "-1", img, "-o", "image.zst")
	testenv.Run(t, "sh", "-euc", `{ printf '\120\052\115\030\005\000\000\000hello'; cat image.zst; } >skipped.zst`)
	return map[string]string{"zip": "image.zip", "zstd": "image.zst", "zstd, a frame to skip first": "skipped.zst"}
}

// A packed image leaves the same on a disk as the image itself.
func TestPackedImages(t *testing.T) {
	img, _ := diskImage(t)
	want := used()
	if _, err := write(t, img, want); err != nil {
		t.Fatal(err)
	}
	for name, file := range packed(t, img) {
		disk := used()
		if _, err := write(t, file, disk); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.Equal(disk.d, want.d) {
			t.Errorf("%s: the disk differs", name)
		}
	}
}

// Not asked before, that a packed image is damaged shows when most is written:
// the disk then has no table.
func TestDamagedPackedImages(t *testing.T) {
	img, _ := diskImage(t)
	for name, file := range packed(t, img) {
		whole := testenv.Read(t, file)
		flipped := bytes.Clone(whole)
		flipped[len(flipped)/2] ^= 0x10
		disk := used()
		_, err := write(t, testenv.Write(t, "flipped", flipped), disk)
		checkIncomplete(t, disk, err, name[:2]) // "zip" or "zstd" is in the message
	}
}

// Check finds damage, and Open what is cut off, with no disk at hand.
func TestDamageIsFoundBefore(t *testing.T) {
	img, _ := diskImage(t)
	files := packed(t, img)
	files["raw"] = img
	for name, file := range files {
		whole := testenv.Read(t, file)
		for _, n := range []int{len(whole) - 1, len(whole) * 3 / 4, len(whole) / 2, 20000} {
			cut := testenv.Write(t, "cut", whole[:n])
			if src, err := flash.Open(t.Context(), cut); !badinput.Is(err) || !strings.Contains(err.Error(), "cut off") {
				t.Errorf("%s cut at %d: %v, %v", name, n, src, err)
			}
		}
		if err := flash.Check(t.Context(), file, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if name == "raw" {
			continue // which has no checksum
		}
		for _, at := range []int{len(whole) / 4, len(whole) / 2, len(whole) * 3 / 4} {
			d := bytes.Clone(whole)
			d[at] ^= 0x10
			if err := flash.Check(t.Context(), testenv.Write(t, "flipped", d), nil); !badinput.Is(err) {
				t.Errorf("%s, a bit at %d: %v", name, at, err)
			}
		}
	}
}

// A whole file of half an image is half an image.
func TestPackedHalfAnImage(t *testing.T) {
	img, _ := diskImage(t)
	if err := os.Truncate(img, imageSize/2); err != nil {
		t.Fatal(err)
	}
	for name, file := range packed(t, img) {
		if _, err := flash.Open(t.Context(), file); !badinput.Is(err) || !strings.Contains(err.Error(), "cut off") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheckStops(t *testing.T) {
	img, _ := diskImage(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := flash.Check(ctx, img, func(int64, int64) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
