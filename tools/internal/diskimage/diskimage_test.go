package diskimage_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/diskimage"
	"shimboot/tools/internal/testenv"
)

// zipped is a zip of one member.
func zipped(t testing.TB, name string, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// open opens the bytes as a file and sees to it that nothing stays behind.
func open(t *testing.T, d []byte, limit int64) (*diskimage.Image, error) {
	t.Helper()
	work := t.TempDir()
	img, err := diskimage.Open(context.Background(), testenv.Write(t, "image", d), diskimage.Options{WorkDir: work, MaxSize: limit})
	if left, _ := os.ReadDir(work); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	return img, err
}

func TestZipAndRawAreTheSame(t *testing.T) {
	content := append(make([]byte, 200<<10), []byte("after a hole")...)
	for name, test := range map[string]struct {
		file []byte
		zip  bool
	}{"raw": {content, false}, "zip": {zipped(t, "recovery.bin", content), true}} {
		img, err := open(t, test.file, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer img.Close()
		got := make([]byte, img.Size())
		if _, err := img.ReadAt(got, 0); err != nil || !bytes.Equal(got, content) || img.Zip() != test.zip {
			t.Errorf("%s: %v, zip %v, %d bytes", name, err, img.Zip(), len(got))
		}
	}
}

// declare changes the size that a zip's directory gives for its member.
func declare(t *testing.T, d []byte, size uint32) []byte {
	t.Helper()
	at := bytes.Index(d, []byte("PK\x01\x02"))
	if at < 0 {
		t.Fatal("no directory in the zip")
	}
	binary.LittleEndian.PutUint32(d[at+24:], size)
	return d
}

func TestBadZips(t *testing.T) {
	content := bytes.Repeat([]byte{1}, 5000)
	for name, test := range map[string]struct {
		file []byte
		want string
	}{
		"declared too large":      {zipped(t, "a.bin", content), "found 5000 bytes or more, want at most 4999"},
		"larger than it declares": {declare(t, zipped(t, "a.bin", content), 10), "want a whole zip"},
		"no image":                {zipped(t, "a.txt", content), `0 disk images among "a.txt"`},
		"hostile name":            {zipped(t, "\x1b[2J.txt", nil), `"\x1b[2J.txt"`},
		"cut off":                 {zipped(t, "a.bin", content)[:40], "this is no zip, or it is cut off; fetch"},
		"empty":                   {nil, "found 0 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := open(t, test.file, 4999)
			if err == nil || !badinput.Is(err) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

// A zip that was unpacked may be a folder of the zip's name.
func TestDirectory(t *testing.T) {
	dir := t.TempDir()
	_, err := diskimage.Open(context.Background(), dir, diskimage.Options{})
	_, streamed := diskimage.OpenStream(context.Background(), dir, diskimage.Options{})
	for _, err := range []error{err, streamed} {
		if !badinput.Is(err) || err.Error() != dir+" is a directory; name the image file in it" {
			t.Error(err)
		}
	}
}

// A pipe is refused, not waited for: whoever opens one to read hangs until
// someone writes. Here someone has.
func TestPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(pipe, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString("what is not read in the end"); err != nil {
		t.Fatal(err)
	}
	_, err = diskimage.Open(t.Context(), pipe, diskimage.Options{})
	_, onDemand := diskimage.OpenForward(t.Context(), pipe, diskimage.Options{})
	_, streamed := diskimage.OpenStream(t.Context(), pipe, diskimage.Options{})
	for _, err := range []error{err, onDemand, streamed} {
		if !badinput.Is(err) || !strings.Contains(err.Error(), "found a pipe, want a file or a disk") {
			t.Error(err)
		}
	}
}

func TestScratchDir(t *testing.T) {
	t.Setenv("TMPDIR", "/somewhere")
	if got := diskimage.ScratchDir(); got != "/somewhere" {
		t.Errorf("with TMPDIR: %s", got)
	}
	t.Setenv("TMPDIR", "")
	if info, err := os.Stat("/var/tmp"); err == nil && info.IsDir() && diskimage.ScratchDir() != "/var/tmp" {
		t.Errorf("without: %s", diskimage.ScratchDir())
	}
}
