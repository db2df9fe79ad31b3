package atomicfile_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/atomicfile"
)

func TestAppearsWholeOrNotAtAll(t *testing.T) {
	failing := errors.New("half way")
	dir := t.TempDir()
	err := atomicfile.WriteDir(filepath.Join(dir, "out"), func(d string) error {
		return errors.Join(os.WriteFile(filepath.Join(d, "f"), nil, 0o600), failing)
	})
	if !errors.Is(err, failing) {
		t.Error(err)
	}
	err = atomicfile.Write(filepath.Join(dir, "file"), func(f *os.File) error {
		_, err := f.WriteString("half")
		return errors.Join(err, failing)
	})
	if !errors.Is(err, failing) {
		t.Error(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	out := filepath.Join(dir, "out") + "/"
	if err := atomicfile.WriteDir(out, func(string) error { return nil }); err != nil {
		t.Error(err)
	}
	var occupied *atomicfile.OccupiedError
	if err := atomicfile.WriteDir(out, func(string) error { t.Error("it is there"); return nil }); !errors.As(err, &occupied) || !occupied.ForDir {
		t.Errorf("a second time: %v", err)
	}
}

// A file takes the place of a file, and of nothing else.
func TestReplacesFilesOnly(t *testing.T) {
	dir := t.TempDir()
	file, socket := filepath.Join(dir, "file"), filepath.Join(dir, "socket")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for path, want := range map[string]string{
		file: "", dir: "is a directory", "/dev/null": "is a device", socket: "no regular file",
		link(t, file): "", link(t, "/dev/null"): "is a device", link(t, filepath.Join(dir, "nothing")): "",
	} {
		err := atomicfile.Write(path, func(f *os.File) error { _, err := f.WriteString("new"); return err })
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	if info, err := os.Lstat("/dev/null"); err != nil || info.Mode().IsRegular() {
		t.Errorf("/dev/null: %v %v", info, err)
	}
}

func link(t *testing.T, target string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(target, name); err != nil {
		t.Fatal(err)
	}
	return name
}
