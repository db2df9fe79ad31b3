package seekable_test

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/seekable"
	"shimboot/tools/internal/testenv"
)

func TestRefusesWhatHasNoPlaces(t *testing.T) {
	dir := t.TempDir()
	pipe, socket, link := filepath.Join(dir, "p"), filepath.Join(dir, "s"), filepath.Join(dir, "l")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(pipe, link); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	for path, want := range map[string]string{
		pipe: "a pipe", link: "a pipe", socket: "a socket", dir: "a directory", "/dev/null": "a device that is no disk",
	} {
		if _, err := seekable.Open(path); !badinput.Is(err) || !strings.Contains(err.Error(), path+": found "+want+", want a file or a disk") {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
	if _, err := seekable.Open(filepath.Join(dir, "nothing")); !os.IsNotExist(err) || badinput.Is(err) {
		t.Error(err)
	}
}

func TestOpensFilesAndDisks(t *testing.T) {
	file := testenv.Write(t, "file", []byte("content"))
	f, err := seekable.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if b, err := io.ReadAll(f); err != nil || string(b) != "content" {
		t.Errorf("%q, %v", b, err)
	}
	disk, err := seekable.Open(testenv.Loop(t, testenv.Write(t, "disk", make([]byte, 4096))))
	if err != nil {
		t.Fatal(err)
	}
	defer disk.Close()
}
