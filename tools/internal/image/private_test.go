package image

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shimboot/tools/internal/testenv"
)

// An image is private by the files it is made of, and by the modes in it.
func TestPrivate(t *testing.T) {
	const fsys = `{"name": "p", "type": "linux-data", "size": "8MiB", "content": {"KIND": {"label": "L", "sources": [SOURCE]}}}`
	for name, test := range map[string]struct {
		kind, source, prepare string
		want                  bool
	}{
		"open files":             {"ext4", `{"directory": "d"}`, ``, false},
		"a private file":         {"ext4", `{"directory": "d"}`, `chmod 600 d/f`, true},
		"in a FAT":               {"vfat", `{"directory": "d"}`, `chmod 640 d/f`, true},
		"in a private directory": {"ext4", `{"directory": "d"}`, `mkdir d/p; echo x >d/p/f; chmod 700 d/p`, true},
		"an empty directory":     {"ext4", `{"directory": "d", "keepOwners": true}`, `mkdir -m 700 d/root`, false},
		"an empty lock":          {"ext4", `{"directory": "d", "keepOwners": true}`, `: >d/.pwd.lock; chmod 600 d/.pwd.lock`, false},
		"beside a directory":     {"ext4", `{"directory": "d"}`, `mkdir -m 700 d/e; echo x >d/e2`, false},
		"a link to private":      {"ext4", `{"directory": "d"}`, `echo x >s; chmod 600 s; ln -s ../s d/l`, false},
		"a tar's modes":          {"ext4", `{"tar": "t"}`, `chmod 640 d/f; tar -C d -cf t .`, true},
		"a tar for a FAT":        {"vfat", `{"tar": "t"}`, `chmod 640 d/f; tar -C d -cf t .`, true},
		"a tar's directories":    {"ext4", `{"tar": "t"}`, `chmod 700 d; tar -cf t d`, true},
		"an open tar":            {"ext4", `{"tar": "t"}`, `tar -C d -cf t .`, false},
		"a private tar":          {"ext4", `{"tar": "t"}`, `tar -C d -cf t .; chmod 600 t`, true},
		"below a closed one":     {"ext4", `{"directory": "c/d"}`, `mkdir c; mv d c; chmod 700 c`, true},
		"far below a closed one": {"vfat", `{"directory": "c/b/d"}`, `mkdir -p c/b; mv d c/b; chmod 700 c`, true},
		"a tar below one":        {"ext4", `{"tar": "c/t"}`, `mkdir c; tar -C d -cf c/t .; chmod 750 c`, true},
		"a link into one":        {"ext4", `{"directory": "l"}`, `mkdir c; mv d c; ln -s c/d l; chmod 700 c`, true},
		"a link out of one":      {"ext4", `{"directory": "c/l"}`, `mkdir c; ln -s ../d c/l; chmod 700 c`, false},
		"nothing below one":      {"ext4", `{"directory": "c/d"}`, `mkdir c; mv d c; : >c/d/f; chmod 700 c`, false},
		"devices":                {"ext4", `{"devices": {"dev/console": "c 5 1 0600"}}`, ``, false},
	} {
		dir := openDir(t)
		testenv.Run(t, "sh", "-euc", `umask 022; cd "$0"; mkdir d; echo content >d/f; `+test.prepare, dir)
		text := strings.NewReplacer("KIND", test.kind, "SOURCE", test.source).Replace(fsys)
		checkPrivate(t, name, dir, text, test.want)
	}
}

func TestPrivateRawContent(t *testing.T) {
	dir := openDir(t)
	file := filepath.Join(dir, "raw")
	for mode, want := range map[os.FileMode]bool{0o644: false, 0o600: true} {
		if err := errors.Join(os.WriteFile(file, []byte("x"), 0o600), os.Chmod(file, mode)); err != nil {
			t.Fatal(err)
		}
		checkPrivate(t, mode.String(), dir, `{"name": "p", "type": "linux-data", "size": "content", "content": {"raw": {"path": "raw"}}}`, want)
	}
}

// openDir is one that everyone can enter, as they can the one it is in.
func openDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := errors.Join(os.Chmod(filepath.Dir(dir), 0o755), os.Chmod(dir, 0o755)); err != nil {
		t.Fatal(err)
	}
	return dir
}

func checkPrivate(t *testing.T, name, dir, partitions string, want bool) {
	t.Helper()
	s, err := ReadSpec(strings.NewReader(`{"schemaVersion": 1, "seed": "s", "partitions": [`+partitions+`]}`), dir)
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewPlan(t.Context(), s, Options{Time: time.Unix(1e9, 0)})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	defer p.Close()
	if p.Private() != want {
		t.Errorf("%s: private %t, want %t", name, p.Private(), want)
	}
}
