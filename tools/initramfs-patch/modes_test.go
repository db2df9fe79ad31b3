package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"shimboot/tools/internal/testenv"
)

// enter lets everyone enter what t.TempDir gave, which a path is in.
func enter(t *testing.T, path string) {
	t.Helper()
	dir := filepath.Dir(path)
	if err := errors.Join(os.Chmod(dir, 0o755), os.Chmod(filepath.Dir(dir), 0o755)); err != nil {
		t.Fatal(err)
	}
}

func TestModeOfTheOutput(t *testing.T) {
	in := archive(t)
	enter(t, in)
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

// What not everyone may read is not for everyone in the output either.
func TestPrivateInputsMakeAPrivateOutput(t *testing.T) {
	testenv.Umask(t, 0o022)
	for name, test := range map[string]struct {
		file, dir, in fs.FileMode
		content       string
		want          fs.FileMode
	}{
		"open":              {0o644, 0o755, 0o644, "x", 0o644},
		"a private file":    {0o600, 0o755, 0o644, "x", 0o600},
		"a closed folder":   {0o644, 0o700, 0o644, "x", 0o600},
		"a private archive": {0o644, 0o755, 0o600, "x", 0o600},
		"nothing in it":     {0o600, 0o755, 0o644, "", 0o644},
	} {
		in, overlay, out := archive(t), t.TempDir(), filepath.Join(t.TempDir(), "out.cpio")
		dir := filepath.Join(overlay, "dir")
		file := filepath.Join(dir, "file")
		if err := errors.Join(os.Mkdir(dir, 0o755), os.WriteFile(file, []byte(test.content), test.file), os.Chmod(file, test.file),
			os.Chmod(dir, test.dir), os.Chmod(in, test.in), os.WriteFile(out, nil, 0o644)); err != nil {
			t.Fatal(err)
		}
		enter(t, in)
		enter(t, dir)
		for range 2 { // in place of a file that everyone may read, and of its own
			if code, stderr := patch(t, "--in", in, "--overlay", overlay, "--out", out); code != 0 {
				t.Fatal(stderr)
			}
			info, err := os.Stat(out)
			if err != nil {
				t.Fatal(err)
			}
			if got := info.Mode().Perm(); got != test.want {
				t.Errorf("%s: %v, want %v", name, got, test.want)
			}
		}
	}
}
