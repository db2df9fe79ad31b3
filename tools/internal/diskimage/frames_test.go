package diskimage

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/testenv"
)

// zstdFiles are made of one content in the ways there are to.
func zstdFiles(t *testing.T) (size int64, files map[string][]byte) {
	t.Helper()
	dir := t.TempDir()
	testenv.Run(t, "sh", "-euc", `cd "$0"; head -c 500000 /dev/urandom >content; head -c 1M /dev/zero >>content
		yes words | head -c 300000 >>content
		zstd -q content -o plain; zstd -q --no-check content -o unchecked; zstd -q <content >piped
		zstd -q -T2 -B512K content -o threads; head -c 0 content | zstd -q >empty
		cat plain unchecked >two; { printf '\120\052\115\030\003\000\000\000abc'; cat plain; } >skipped`, dir)
	files = map[string][]byte{}
	for _, name := range []string{"plain", "unchecked", "piped", "threads", "two", "skipped"} {
		files[name] = testenv.Read(t, filepath.Join(dir, name))
	}
	return int64(len(testenv.Read(t, filepath.Join(dir, "content")))), files
}

func TestZstdSize(t *testing.T) {
	size, files := zstdFiles(t)
	for name, d := range files {
		want := size
		switch name {
		case "two":
			want = 2 * size
		case "piped":
			want = -1
		}
		if got, err := zstdSize(bytes.NewReader(d), int64(len(d))); err != nil || got != want {
			t.Errorf("%s: %d, %v; want %d", name, got, err, want)
		}
	}
}

// Wherever a zstd file is cut, it is found.
func TestZstdFileThatIsCutOff(t *testing.T) {
	_, files := zstdFiles(t)
	for name, d := range files {
		whole := map[int]bool{0: true} // places that a frame ends at
		switch name {
		case "two":
			whole[len(files["plain"])] = true
		case "skipped":
			whole[len(d)-len(files["plain"])] = true
		}
		step := max(1, len(d)/5000)
		for n := 0; n < len(d); n += step {
			if n > 100 && n < len(d)-100 {
				n = min(n+step, len(d)-100)
			}
			_, err := zstdSize(bytes.NewReader(d[:n]), int64(n))
			if whole[n] != (err == nil) || err != nil && !badinput.Is(err) {
				t.Fatalf("%s, %d of %d bytes: %v", name, n, len(d), err)
			}
		}
	}
}

func TestZstdFileThatIsNone(t *testing.T) {
	_, files := zstdFiles(t)
	d := append(bytes.Clone(files["plain"]), "no frame, but something"...)
	if _, err := zstdSize(bytes.NewReader(d), int64(len(d))); !badinput.Is(err) || !strings.Contains(err.Error(), "zstd frame at offset") {
		t.Error(err)
	}
	f, err := os.Open(testenv.Write(t, "f", files["plain"]))
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if _, err := zstdSize(f, int64(len(files["plain"]))); err == nil || badinput.Is(err) {
		t.Errorf("a file that cannot be read: %v", err)
	}
}
