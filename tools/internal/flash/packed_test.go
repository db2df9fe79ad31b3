package flash_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

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
	return map[string]string{"zip": "image.zip", "zstd": "image.zst"}
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

// That a packed image is damaged shows when most is written: the disk then has
// no table.
func TestDamagedPackedImages(t *testing.T) {
	img, _ := diskImage(t)
	for name, file := range packed(t, img) {
		whole := testenv.Read(t, file)
		flipped := bytes.Clone(whole)
		flipped[len(flipped)/2] ^= 0x10
		disk := used()
		_, err := write(t, testenv.Write(t, "flipped", flipped), disk)
		checkIncomplete(t, disk, err, name[:2]) // "zip" or "zstd" is in the message
		if name == "zstd" {                     // a zip's directory is at its end
			disk := used()
			_, err := write(t, testenv.Write(t, "cut", whole[:len(whole)*3/4]), disk)
			checkIncomplete(t, disk, err, "the image is cut off")
		}
	}
}
