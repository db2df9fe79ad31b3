package squashfs_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/squashfs"
)

// What a zstd frame says of its size is doubted before room is made for it.
func TestFrameThatClaimsGigabytes(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "a"), []byte("a"), 0o600); err != nil {
		t.Fatal(err)
	}
	image := makeImage(t, root, "-comp", "zstd", "-nopad", "-root-mode", "0755")
	inodes := image[binary.LittleEndian.Uint64(image[48+2*8:]):]
	frame := inodes[2:]
	if !bytes.HasPrefix(frame, []byte("\x28\xb5\x2f\xfd")) {
		t.Fatalf("the inodes are %x, want a zstd frame", frame[:8])
	}
	frame[4] = 0xa0 // one segment, its size in four bytes
	binary.LittleEndian.PutUint32(frame[5:], 0xf0000000)
	_, err := squashfs.Open(bytes.NewReader(image), int64(len(image)))
	want := "found one that says it inflates to 4026531840 bytes, want at most 8192"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %q", err, want)
	}
}
