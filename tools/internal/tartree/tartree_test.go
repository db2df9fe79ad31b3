package tartree_test

import (
	"bytes"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/tartree"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/tree"
)

// gnuTar makes an archive with GNU tar from a script that fills a directory.
func gnuTar(t *testing.T, script string, options ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	testenv.Run(t, "sh", "-eu", "-c", "cd \"$0\" && mkdir tree && cd tree && "+script, dir)
	out := filepath.Join(dir, "out.tar")
	args := append([]string{"-C", filepath.Join(dir, "tree"), "-cf", out}, options...)
	testenv.Run(t, "tar", append(args, ".")...)
	return testenv.Read(t, out)
}

func read(t *testing.T, d []byte) tree.Tree {
	t.Helper()
	entries, err := tartree.Read(bytes.NewReader(d), int64(len(d)))
	if err != nil {
		t.Fatal(err)
	}
	merged, err := tree.Merge(entries)
	if err != nil {
		t.Fatal(err)
	}
	return merged
}

func TestReadsGNUTar(t *testing.T) {
	long := strings.Repeat("long-name/", 15)
	d := gnuTar(t, `mkdir -p `+long+` && echo deep > `+long+`file && echo program > su && chmod 4755 su && ln su hard &&
		ln -s su soft && mknod null c 1 3 && mkfifo pipe && mkdir -m 1777 tmp && setfattr -n user.colour -v blue su`,
		"--xattrs", "--format=posix", "--owner=7", "--group=8", "--mtime=@1000000000", "--sort=name")
	byPath := map[string]*tree.Entry{}
	for _, e := range read(t, d) {
		byPath[e.Path] = e
	}
	if e := byPath["tmp"]; e.Mode != fs.ModeDir|fs.ModeSticky|0o777 || e.UID != 7 || e.GID != 8 || e.ModTime.Unix() != 1e9 {
		t.Errorf("tmp: %+v", e)
	}
	if e := byPath["null"]; e.Mode.Type() != fs.ModeDevice|fs.ModeCharDevice || e.Major != 1 || e.Minor != 3 {
		t.Errorf("null: %+v", e)
	}
	if e := byPath["soft"]; e.Target != "su" {
		t.Errorf("soft: %+v", e)
	}
	first, second := byPath["hard"], byPath["su"] // the archive has hard first
	if second.Link != "hard" || first.Mode != fs.ModeSetuid|0o755 || string(first.XAttrs["user.colour"]) != "blue" {
		t.Errorf("hard: %+v\nsu: %+v", first, second)
	}
	for name, want := range map[string]string{"hard": "program\n", long + "file": "deep\n"} {
		r, err := byPath[name].Open()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != want {
			t.Errorf("%s holds %q, %v", name, got, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	good := gnuTar(t, "echo content > file")
	sparse := func(options ...string) []byte {
		return gnuTar(t, "truncate -s 1M holes && echo end >> holes", append(options, "--sparse")...)
	}
	for name, test := range map[string]struct {
		archive []byte
		want    string
	}{
		"compressed": {[]byte("\x1f\x8b\x08 and so on"), "gzip compression"},
		"no archive": {bytes.Repeat([]byte("text"), 500), "want a whole archive"},
		"cut off":    {good[:700], "want a whole archive"},
		"sparse 0.0": {sparse("--format=posix", "--sparse-version=0.0"), "a sparse file"},
		"sparse 0.1": {sparse("--format=posix", "--sparse-version=0.1"), "a sparse file"},
		"sparse 1.0": {sparse("--format=posix", "--sparse-version=1.0"), "a sparse file"},
		"sparse GNU": {sparse("--format=gnu"), "type 'S'"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tartree.Read(bytes.NewReader(test.archive), int64(len(test.archive)))
			if err == nil || !strings.Contains(err.Error(), test.want) || !badinput.Is(err) {
				t.Errorf("%v, want bad input about %q", err, test.want)
			}
		})
	}
}
