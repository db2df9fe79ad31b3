package squashfs_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/squashfs"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/testenv/hostile"
)

// maxInflated is what go-diskfs may keep of blocks.
const maxInflated = 512 << 20

// FuzzOpen reads all of a damaged file system: what fails is the input's fault.
func FuzzOpen(f *testing.F) {
	if _, err := exec.LookPath("mksquashfs"); err == nil {
		root := f.TempDir()
		for name, size := range map[string]int{"a": 10, "b": 9000, "empty": 0} {
			if err := os.WriteFile(filepath.Join(root, name), bytes.Repeat([]byte(name+"-"), size), 0o600); err != nil {
				f.Fatal(err)
			}
		}
		if err := os.Symlink("a", filepath.Join(root, "link")); err != nil {
			f.Fatal(err)
		}
		f.Add(makeImage(f, root, "-b", "4096", "-nopad"))
		f.Add(makeImage(f, root, "-b", "4096", "-nopad", "-noI", "-noF", "-noD", "-noId", "-noX"))
		f.Add(makeImage(f, root, "-comp", "zstd", "-nopad"))
		f.Add(makeImage(f, root, "-comp", "xz", "-nopad"))
		f.Add(hostile.SquashfsLoop(f))
	}
	f.Add([]byte(squashfs.Magic))
	f.Fuzz(func(t *testing.T, image []byte) {
		var err error
		testenv.Bounded(t, maxInflated, func() {
			var fsys *squashfs.FS
			if fsys, err = squashfs.Open(bytes.NewReader(image), int64(len(image))); err == nil {
				_, err = readAll(fsys)
			}
		})
		if err != nil && !badinput.Is(err) {
			t.Errorf("not blamed on the input: %v", err)
		}
	})
}
