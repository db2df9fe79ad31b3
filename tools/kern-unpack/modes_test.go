package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"shimboot/tools/internal/testenv"
)

// What is extracted has the modes that umask leaves.
func TestModesFollowUmask(t *testing.T) {
	blob := testenv.VbootData(t, "rec_kernel_part.bin")
	for mask, want := range map[int][2]fs.FileMode{0o022: {0o755, 0o644}, 0o077: {0o700, 0o600}, 0o002: {0o775, 0o664}} {
		out := filepath.Join(t.TempDir(), "out")
		testenv.Umask(t, mask)
		if code, _, stderr := run(t, "extract", "--out", out, blob); code != 0 {
			t.Fatal(stderr)
		}
		err := filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := os.Stat(path)
			if err != nil {
				return err
			}
			mode := want[1]
			if d.IsDir() {
				mode = want[0]
			}
			if info.Mode().Perm() != mode {
				t.Errorf("umask %03o: %s is %v, want %v", mask, d.Name(), info.Mode().Perm(), mode)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
