package testenv

import (
	"os"
	"path/filepath"
	"testing"
)

// Zip makes a zip of a file, with Info-ZIP's program, that has it by a name.
func Zip(t testing.TB, name, file string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Link(file, filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, name+".zip")
	Run(t, "zip", "-q", "-1", "-j", out, filepath.Join(dir, name))
	return out
}
