package cpio_test

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/cpio"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/tree"
)

// listing describes entries in the words of `cpio -tv`, one a line.
func listing(t *testing.T, entries []*tree.Entry) string {
	t.Helper()
	var b strings.Builder
	for _, e := range entries {
		content := ""
		if e.Open != nil {
			r, err := e.Open()
			if err != nil {
				t.Fatal(err)
			}
			d, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			content = string(d)
		}
		fmt.Fprintf(&b, "%v %s %d:%d %q -> %q = %q %d,%d\n", e.Mode, e.Path, e.UID, e.GID, content, e.Target, e.Link, e.Major, e.Minor)
	}
	return b.String()
}

func file(name, content string) *tree.Entry {
	return &tree.Entry{
		Path: name, Mode: 0o644, Size: int64(len(content)),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil },
	}
}

func sample(t *testing.T) tree.Tree {
	t.Helper()
	merged, err := tree.Merge([]*tree.Entry{
		file("bin/busybox", "program"),
		{Path: "bin/sh", Mode: 0o644, Link: "bin/busybox"},
		{Path: "sbin", Mode: fs.ModeSymlink | 0o777, Target: "bin"},
		{Path: "dev/console", Mode: fs.ModeDevice | fs.ModeCharDevice | 0o600, Major: 5, Minor: 1},
		{Path: "tmp", Mode: fs.ModeDir | fs.ModeSticky | 0o777},
		{Path: "run/pipe", Mode: fs.ModeNamedPipe | 0o600, UID: 3, GID: 4},
		file(strings.Repeat("n", 255), "long name"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return merged
}

func write(t *testing.T, tr tree.Tree) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := cpio.Write(&b, tr); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatIsWrittenReadsBackTheSame(t *testing.T) {
	want := sample(t)
	got, err := cpio.Read(bytes.NewReader(write(t, want)), int64(len(write(t, want))))
	if err != nil {
		t.Fatal(err)
	}
	if a, b := listing(t, want), listing(t, got); a != b {
		t.Errorf("wrote\n%sread\n%s", a, b)
	}
}

func TestGNUCpioUnpacksWhatWeWrite(t *testing.T) {
	archive := testenv.Write(t, "a.cpio", write(t, sample(t)))
	dir := t.TempDir()
	testenv.Run(t, "sh", "-c", fmt.Sprintf("cd %q && cpio -idm --quiet --no-preserve-owner < %q", dir, archive))
	for name, want := range map[string]string{"bin/busybox": "program", "sbin/sh": "program", strings.Repeat("n", 255): "long name"} {
		if got := testenv.Read(t, filepath.Join(dir, name)); string(got) != want {
			t.Errorf("%s holds %q, want %q", name, got, want)
		}
	}
	a, _ := os.Stat(filepath.Join(dir, "bin/busybox"))
	b, _ := os.Stat(filepath.Join(dir, "bin/sh"))
	if !os.SameFile(a, b) {
		t.Error("the hard link became two files")
	}
}

// GNU cpio puts the content of hard links at the last name; newc and crc.
func TestReadsGNUCpio(t *testing.T) {
	for _, format := range []string{"newc", "crc"} {
		t.Run(format, func(t *testing.T) {
			dir := t.TempDir()
			for name, content := range map[string]string{"a": "linked", "b": "other"} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Link(filepath.Join(dir, "a"), filepath.Join(dir, "z")); err != nil {
				t.Fatal(err)
			}
			testenv.Run(t, "cpio", "--version")
			cmd := exec.Command("cpio", "-o", "--quiet", "-H", format)
			cmd.Dir, cmd.Stdin = dir, strings.NewReader("a\nb\nz\n")
			archive, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			entries, err := cpio.Read(bytes.NewReader(archive), int64(len(archive)))
			if err != nil {
				t.Fatal(err)
			}
			got := listing(t, entries)
			for _, want := range []string{`a 0:0 "linked"`, `b 0:0 "other"`, `= "a"`} {
				if !strings.Contains(got, want) {
					t.Errorf("want %s in\n%s", want, got)
				}
			}
		})
	}
}

func TestConcatenatedArchivesWithPadding(t *testing.T) {
	first, err := tree.Merge([]*tree.Entry{file("x", "old"), file("only", "1")})
	if err != nil {
		t.Fatal(err)
	}
	second, err := tree.Merge([]*tree.Entry{file("x", "new")})
	if err != nil {
		t.Fatal(err)
	}
	d := append(write(t, first), make([]byte, 1536)...)
	d = append(d, write(t, second)...)
	d = append(d, make([]byte, 7)...)
	entries, err := cpio.Read(bytes.NewReader(d), int64(len(d)))
	if err != nil {
		t.Fatal(err)
	}
	got := listing(t, entries)
	if !strings.Contains(got, `"new"`) || strings.Contains(got, `"old"`) || !strings.Contains(got, "only") {
		t.Errorf("the later archive should win:\n%s", got)
	}
}

func TestBadArchives(t *testing.T) {
	good := write(t, sample(t))
	change := func(off int, s string) []byte {
		d := bytes.Clone(good)
		copy(d[off:], s)
		return d
	}
	crc := func() []byte {
		d := write(t, mustMerge(t, file("f", "sum")))
		i := bytes.Index(d, []byte("f\x00")) - 110
		copy(d[i:], "070702")
		copy(d[i+102:], "DEADBEEF")
		return d
	}
	for name, test := range map[string]struct {
		archive []byte
		want    string
	}{
		"empty":            {nil, "0 bytes without an entry"},
		"no trailer":       {good[:len(good)-124], ""},
		"cut in a header":  {good[:50], "header at offset 0: found 50 bytes left, want 110"},
		"wrong magic":      {change(0, "070707"), `magic at offset 0: found "070707"`},
		"no digits":        {change(6, "zz"), "want hexadecimal digits"},
		"huge name":        {change(94, "FFFFFFFF"), "name length at offset 94: found 4294967295"},
		"unknown type":     {change(14, "0000F000"), "file type"},
		"wrong sum":        {crc(), "checksum"},
		"outside the root": {bytes.ReplaceAll(good, []byte("run/pipe"), []byte("../../pp")), "inside the archive"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := cpio.Read(bytes.NewReader(test.archive), int64(len(test.archive)))
			if err == nil || !strings.Contains(err.Error(), test.want) || !badinput.Is(err) {
				t.Errorf("%v, want bad input about %q", err, test.want)
			}
		})
	}
}

// An archive that is compressed to nothing must not fill the memory.
func TestTooManyEntries(t *testing.T) {
	one := write(t, tree.Tree{{Path: "d", Mode: fs.ModeDir | 0o755}})[:112]
	d := bytes.Repeat(one, 1<<18+1)
	_, err := cpio.Read(bytes.NewReader(d), int64(len(d)))
	if err == nil || !strings.Contains(err.Error(), "more than 262144 entries") || !badinput.Is(err) {
		t.Errorf("%v, want a limit", err)
	}
}

func mustMerge(t *testing.T, entries ...*tree.Entry) tree.Tree {
	t.Helper()
	merged, err := tree.Merge(entries)
	if err != nil {
		t.Fatal(err)
	}
	return merged
}
