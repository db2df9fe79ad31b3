package squashfs_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/squashfs"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/testenv/hostile"
)

// What would inflate to gigabytes is refused before.
func TestBombs(t *testing.T) {
	for name, c := range map[string]struct {
		image []byte
		want  string
	}{
		"gzip":      {hostile.SquashfsBomb(t, "gzip"), "gzip block at offset 96"},
		"xz":        {hostile.SquashfsBomb(t, "xz"), "xz block at offset 96"},
		"zstd":      {hostile.SquashfsBomb(t, "zstd"), "zstd frame"},
		"fragments": {hostile.SquashfsFragments(t), "to be read at once"},
	} {
		var err error
		testenv.Bounded(t, 0, func() {
			var fsys *squashfs.FS
			if fsys, err = squashfs.Open(bytes.NewReader(c.image), int64(len(c.image))); err == nil {
				_, err = readAll(fsys)
			}
		})
		if !badinput.Is(err) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// A directory that is in itself, or in two places, is refused.
func TestDirectoryInItself(t *testing.T) {
	_, err := readAll(open(t, hostile.SquashfsLoop(t)))
	if !badinput.Is(err) || !strings.Contains(err.Error(), "want one name a directory") {
		t.Errorf("%v, want that it is there twice", err)
	}
}

// Files that are compressed themselves are stored as they are, and may inflate to
// more than a block: they are not taken for blocks that do.
func TestCompressedFiles(t *testing.T) {
	root := t.TempDir()
	for name, command := range map[string]string{"a.xz": "xz -9 -c", "a.zst": "zstd -19 -q -c", "a.gz": "gzip -c"} {
		noise := testenv.Read(t, "/proc/self/exe")
		noise = noise[:min(len(noise), 1<<20)]
		if err := os.WriteFile(filepath.Join(root, name), testenv.Compressed(t, command, noise), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, compression := range []string{"gzip", "xz", "zstd"} {
		fsys := open(t, makeImage(t, root, "-comp", compression))
		for _, name := range []string{"a.xz", "a.zst", "a.gz"} {
			got, err := fs.ReadFile(fsys, name)
			if err != nil || !bytes.Equal(got, testenv.Read(t, filepath.Join(root, name))) {
				t.Errorf("%s: %s: %v, %d bytes", compression, name, err, len(got))
			}
		}
	}
}
