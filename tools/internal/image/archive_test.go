package image

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/testenv"
)

// extImage makes an image whose one partition is an ext4 of the sources, and
// gives the path of a copy of the partition.
func extImage(t *testing.T, dir, options, sources string) string {
	t.Helper()
	text := `{"schemaVersion": 1, "seed": "s", "partitions": [{"name": "p", "type": "linux-data", "size": "16MiB",
		"content": {"ext4": {"label": "l", ` + options + ` "sources": [` + sources + `]}}}]}`
	s, err := ReadSpec(strings.NewReader(text), dir)
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewPlan(t.Context(), s, Options{Time: time.Unix(1e9, 0)})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	f, err := os.Create(filepath.Join(t.TempDir(), "image"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := p.Write(t.Context(), f, nil); err != nil {
		t.Fatal(err)
	}
	out := testenv.Write(t, "fs", testenv.Read(t, f.Name())[p.Partitions[0].Start:][:p.Partitions[0].Size])
	testenv.Run(t, "e2fsck", "-fn", out)
	return out
}

// However a tar archive is packed, and wherever it comes from, the file system
// is the same; nothing of the unpacked copy is left.
func TestTarArchives(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", t.TempDir())
	testenv.Run(t, "sh", "-euc", `cd "$0" && mkdir t && echo content >t/file && head -c 300000 /dev/urandom >t/random &&
		tar -C t --mtime=@1000000000 --sort=name -cf plain.tar . && gzip -k plain.tar && xz -k plain.tar && zstd -qk plain.tar &&
		{ printf '\120\052\115\030\005\000\000\000hello'; cat plain.tar.zst; } >skipped.tar.zst`, dir)
	want := testenv.Read(t, extImage(t, dir, "", `{"tar": "plain.tar"}`))
	for _, name := range []string{"plain.tar.gz", "plain.tar.xz", "plain.tar.zst", "skipped.tar.zst"} {
		if !bytes.Equal(testenv.Read(t, extImage(t, dir, "", `{"tar": "`+name+`"}`)), want) {
			t.Errorf("%s: another file system", name)
		}
		if !bytes.Equal(testenv.Read(t, fromPipe(t, dir, name)), want) {
			t.Errorf("%s through a pipe: another file system", name)
		}
	}
	if !bytes.Equal(testenv.Read(t, fromPipe(t, dir, "plain.tar")), want) {
		t.Error("through a pipe: another file system")
	}
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	if got := debugfs(t, extImage(t, dir, "", `{"tar": "plain.tar.gz"}`), "cat /file"); got != "content\n" {
		t.Errorf("the file holds %q", got)
	}
}

// A pipe by name has not the same in it at both times that a file is read.
func TestPipesAsSources(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(pipe, os.O_RDWR, 0) // a reader would wait for a writer
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write(make([]byte, 1024)); err != nil {
		t.Fatal(err)
	}
	for _, content := range []string{
		`{"raw": {"path": "pipe"}}`, `{"ext4": {"label": "L", "sources": [{"cpio": "pipe"}]}}`,
		`{"ext4": {"label": "L", "sources": [{"tar": "pipe"}]}}`,
	} {
		s, err := ReadSpec(strings.NewReader(`{"schemaVersion": 1, "seed": "s", "partitions": [
			{"name": "p", "type": "linux-data", "size": "8MiB", "content": `+content+`}]}`), dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := NewPlan(t.Context(), s, Options{}); !badinput.Is(err) || !strings.Contains(err.Error(), "found a pipe") {
			t.Errorf("%s: %v", content, err)
		}
	}
}

// fromPipe has the archive on standard input.
func fromPipe(t *testing.T, dir, name string) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	content := testenv.Read(t, filepath.Join(dir, name))
	go func() {
		_, err := w.Write(content)
		if err := errors.Join(err, w.Close()); err != nil {
			t.Error(err)
		}
	}()
	old := os.Stdin
	defer func() { os.Stdin = old }()
	os.Stdin = r
	return extImage(t, dir, "", `{"tar": "-"}`)
}

func debugfs(t *testing.T, img, request string) string {
	t.Helper()
	_, out, _ := strings.Cut(testenv.Run(t, "debugfs", "-R", request, img), "\n")
	return out
}

// Files are linked where nothing but their names differs, and only when asked.
func TestLinkIdentical(t *testing.T) {
	dir := t.TempDir()
	testenv.Run(t, "sh", "-euc", `cd "$0" && mkdir -p d/sub && head -c 9000 /dev/urandom >d/b && cp d/b d/sub/a && cp d/b d/run &&
		chmod 755 d/run && head -c 9000 /dev/urandom >d/other && : >d/empty && : >d/empty2`, dir)
	links := func(img, name string) string {
		out := debugfs(t, img, "stat "+name)
		_, after, _ := strings.Cut(out, "Links: ")
		n, _, _ := strings.Cut(after, " ")
		return n
	}
	plain, linked := extImage(t, dir, "", `{"directory": "d"}`), extImage(t, dir, `"linkIdentical": true,`, `{"directory": "d"}`)
	for name, want := range map[string]string{"/b": "2", "/sub/a": "2", "/run": "1", "/other": "1", "/empty": "1"} {
		if got := links(linked, name); got != want {
			t.Errorf("%s has %s names, want %s", name, got, want)
		}
		if got := links(plain, name); got != "1" {
			t.Errorf("without being asked: %s has %s names", name, got)
		}
	}
	if debugfs(t, linked, "cat /sub/a") != string(testenv.Read(t, filepath.Join(dir, "d/b"))) {
		t.Error("a linked file has another content")
	}
}

func TestSourceRefusals(t *testing.T) {
	for name, test := range map[string]struct{ sources, want string }{
		"standard input twice": {`{"tar": "-"}, {"tar": "-"}`, "standard input once"},
		"keepOwners on a tar":  {`{"tar": "file", "keepOwners": true}`, "keepOwners on a directory only"},
		"holes on a tar":       {`{"tar": "file", "holes": true}`, "holes on a directory only"},
		"no tar":               {`{"tar": "file"}`, "a whole archive"},
	} {
		stdin := os.Stdin
		os.Stdin, _ = os.Open(testenv.Write(t, "empty", make([]byte, 1024)))
		_, err := planOf(t, `{"name": "p", "type": "linux-data", "size": "16MiB", "content": {"ext4": {"sources": [`+test.sources+`]}}}`)
		os.Stdin = stdin
		if !badinput.Is(err) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

// A signal while a pipe is being unpacked ends it.
func TestUnpackingEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	testenv.Run(t, "sh", "-euc", `cd "$0" && : >f && tar -czf a.tar.gz f`, dir)
	s, err := ReadSpec(strings.NewReader(`{"schemaVersion": 1, "seed": "s", "partitions": [{"name": "p", "type": "linux-data",
		"size": "16MiB", "content": {"ext4": {"sources": [{"tar": "a.tar.gz"}]}}}]}`), dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewPlan(ctx, s, Options{Time: time.Unix(1e9, 0)}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that it was cancelled", err)
	}
}
