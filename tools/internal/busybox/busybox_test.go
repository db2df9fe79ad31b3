package busybox_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shimboot/tools/internal/busybox"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/tree"
)

// debian's busybox-static, whose own --list is the oracle.
const debian = "/bin/busybox"

func TestAppletsAreWhatTheProgramLists(t *testing.T) {
	want := strings.Fields(testenv.Run(t, debian, "--list"))
	version, got := busybox.Applets(testenv.Read(t, debian))
	if !slices.Equal(got, want) {
		t.Errorf("%d applets, --list says %d:\n%v", len(got), len(want), got)
	}
	help := testenv.Run(t, debian, "--help")
	if !strings.HasPrefix(help, "BusyBox v"+version+" ") {
		t.Errorf("version %q, --help says %.60s", version, help)
	}
}

// The same from a dynamic program with other applets, fetched from Debian.
func TestAppletsOfADynamicProgram(t *testing.T) {
	dir := t.TempDir()
	out, err := testenv.Try(t, "sh", "-c", "cd "+dir+" && apt-get -qq download busybox && dpkg -x busybox_*.deb .")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("Debian's archive is out of reach: ", out)
	}
	program := filepath.Join(dir, "bin/busybox")
	want := strings.Fields(testenv.Run(t, program, "--list"))
	if _, got := busybox.Applets(testenv.Read(t, program)); !slices.Equal(got, want) || len(got) < 200 {
		t.Errorf("%d applets, --list says %d:\n%v", len(got), len(want), got)
	}
}

func TestTables(t *testing.T) {
	for name, test := range map[string]struct {
		program string
		want    string
	}{
		"plain":             {"BusyBox v1.2\x00\x00ash\x00cat\x00mount\x00\x00", "ash cat mount"},
		"no NUL before it":  {"BusyBox v1.2\x00\x01\x02zzash\x00cat\x00mount\x00\x00", "ash cat mount"},
		"applets of theirs": {"BusyBox v1.2\x00\x00ash\x00cat\x00mount\x00mount.crypt\x00zz9\x00\x00", "ash cat mount mount.crypt zz9"},
		"the longer one":    {"BusyBox v1.2\x00\x00cat\x00dd\x00ls\x00\x00ash\x00cat\x00dd\x00mount\x00\x00", "ash cat dd mount"},
		"order broken":      {"BusyBox v1.2\x00\x00mount\x00ash\x00cat\x00mount\x00\x00", "ash cat mount"},
		"no end":            {"BusyBox v1.2\x00\x00ash\x00cat\x00mount\x00", ""},
		"cut in a name":     {"BusyBox v1.2\x00\x00ash\x00cat\x00mou", ""},
		"too few":           {"BusyBox v1.2\x00\x00ash\x00cat\x00\x00", ""},
		"no busybox":        {"ToyBox v1.2\x00\x00ash\x00cat\x00mount\x00\x00", ""},
		"format string":     {"BusyBox v%s\x00\x00ash\x00cat\x00mount\x00\x00", ""},
		"control character": {"BusyBox v1\x1b[2J\x00\x00ash\x00cat\x00mount\x00\x00", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if _, got := busybox.Applets([]byte(test.program)); strings.Join(got, " ") != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func file(path, content string) *tree.Entry {
	return &tree.Entry{Path: path, Mode: 0o755, Size: int64(len(content)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

func TestFind(t *testing.T) {
	const program = "\x7fELF BusyBox v1.2\x00\x00ash\x00cat\x00mount\x00\x00"
	entries := []*tree.Entry{
		{Path: "bin", Mode: fs.ModeDir | 0o755},
		{Path: "bin/ash", Mode: fs.ModeSymlink, Target: "busybox"},
		{Path: "bin/cat", Mode: 0o755, Size: 100, Link: "bin/busybox"},
		file("bin/tiny", "\x7f"),
		file("bin/banner", "\x7fELF BusyBox v1.1\x00"),
		file("bin/other", program),
		file("bin/busybox", program),
		file("README", "#!/bin/sh\n# BusyBox v1.3\x00\x00ash\x00cat\x00mount\x00\x00"),
	}
	f, err := busybox.Find(entries)
	if err != nil || f == nil || f.Path != "bin/busybox" || f.Version != "1.2" || len(f.Applets) != 3 {
		t.Errorf("%+v, %v", f, err)
	}
	if f, err := busybox.Find(entries[:4]); f != nil || err != nil {
		t.Errorf("without one: %+v, %v", f, err)
	}
	broken := errors.New("disk on fire")
	bad := file("bin/busybox", program)
	bad.Open = func() (io.ReadCloser, error) { return nil, broken }
	if _, err := busybox.Find([]*tree.Entry{bad}); !errors.Is(err, broken) {
		t.Errorf("a file that cannot be read: %v", err)
	}
}
