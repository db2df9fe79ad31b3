package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"shimboot/tools/internal/testenv"
)

func TestModeOfTheOutput(t *testing.T) {
	in := archive(t)
	for mask, want := range map[int]fs.FileMode{0o077: 0o600, 0o022: 0o644, 0o002: 0o664} {
		out := filepath.Join(t.TempDir(), "out.cpio")
		testenv.Umask(t, mask)
		for range 2 { // the second takes the first one's place
			if code, stderr := patch(t, "--in", in, "--out", out); code != 0 {
				t.Fatal(stderr)
			}
			info, err := os.Stat(out)
			if err != nil {
				t.Fatal(err)
			}
			if got := info.Mode().Perm(); got != want {
				t.Errorf("umask %03o: %v, want %v", mask, got, want)
			}
		}
	}
}
