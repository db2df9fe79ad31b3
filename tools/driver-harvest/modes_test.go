package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"shimboot/tools/internal/testenv"
)

// The directory follows umask; what is in it goes into an image as it is, and
// is the same on every machine.
func TestModesOfTheOutput(t *testing.T) {
	testenv.Need(t, "depmod", "mke2fs", "cgpt")
	shim, _ := board(t)
	image := disk(t, fileSystem(t, shim, "-t", "ext2", "-b", "4096"))
	for mask, want := range map[int]fs.FileMode{0o077: 0o700, 0o022: 0o755, 0o002: 0o775} {
		out := filepath.Join(t.TempDir(), "out")
		testenv.Umask(t, mask)
		if code, _, stderr := tool(t.Context(), "--shim", image, "--out", out); code != 0 {
			t.Fatal(stderr)
		}
		for name, want := range map[string]fs.FileMode{".": want, "lib": 0o755, "lib/firmware/wifi-1.ucode": 0o644, "drivers.json": 0o644} {
			info, err := os.Stat(filepath.Join(out, name))
			if err != nil {
				t.Fatal(err)
			}
			if got := info.Mode().Perm(); got != want {
				t.Errorf("umask %03o: %s is %v, want %v", mask, name, got, want)
			}
		}
	}
}
