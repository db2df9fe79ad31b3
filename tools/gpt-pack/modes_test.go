package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/testenv"
)

// withUmask runs gpt-pack as a process of its own, with a umask.
func withUmask(t *testing.T, umask string, args ...string) string {
	t.Helper()
	cmd := exec.Command("sh", append([]string{"-euc", "umask " + umask + `; exec "$0" "$@"`, os.Args[0]}, args...)...)
	cmd.Env = append(os.Environ(), "BE_GPT_PACK=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%q: %v, %s", args, err, out)
	}
	return string(out)
}

func modeOf(t *testing.T, file string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode()
}

// open makes everything below a test's folder everyone's to read and to reach.
func open(t *testing.T, path string) {
	t.Helper()
	testenv.Run(t, "chmod", "-R", "a+rX", path)
	for dir := filepath.Dir(path); dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		testenv.Run(t, "chmod", "a+rx", dir)
	}
}

func TestModesOfImages(t *testing.T) {
	dir, spec := inputs(t)
	file := writeSpec(t, dir, spec)
	open(t, dir)
	img := filepath.Join(dir, "img")
	for _, test := range []struct {
		umask  string
		before fs.FileMode // 0 where there is none
		secret bool
		want   fs.FileMode
	}{
		{"022", 0, false, 0o644}, {"077", 0, false, 0o600}, {"022", 0o600, false, 0o600}, {"022", 0o640, false, 0o640},
		{"022", 0, true, 0o600}, {"022", 0o644, true, 0o600},
	} {
		if err := os.RemoveAll(img); err != nil {
			t.Fatal(err)
		}
		if test.before != 0 {
			if err := os.WriteFile(img, nil, test.before); err != nil {
				t.Fatal(err)
			}
		}
		if test.secret {
			testenv.Run(t, "chmod", "600", filepath.Join(dir, "state/dev_image/etc/lsb-factory"))
		}
		withUmask(t, test.umask, "build", "--spec", file, "--out", img)
		if got := modeOf(t, img); got != test.want {
			t.Errorf("%+v: %v", test, got)
		}
	}
}

// What may be a password is nobody else's: got from a stick, or put into an
// image that was everyone's to read.
func TestModesOfGetAndPut(t *testing.T) {
	_, img := built(t)
	open(t, img)
	note := testenv.Write(t, "wifi", []byte("secret"))
	if code, _, _ := run(t, "put", img, "/dev/null=x"); code == 0 || modeOf(t, img) != 0o644 {
		t.Errorf("a put that failed: exit %d, %v", code, modeOf(t, img))
	}
	if out := withUmask(t, "022", "put", img, note); !strings.Contains(out, "for its owner alone to read now") || modeOf(t, img) != 0o600 {
		t.Errorf("%v, %s", modeOf(t, img), out)
	}
	if out := withUmask(t, "022", "put", img, note); out != "" || modeOf(t, img) != 0o600 {
		t.Errorf("once more: %v, %s", modeOf(t, img), out)
	}
	open(t, img)
	if out := withUmask(t, "022", "put", img, note); !strings.Contains(out, "for its owner alone to read now") || modeOf(t, img) != 0o600 {
		t.Errorf("what is there already: %v, %s", modeOf(t, img), out)
	}
	for name, before := range map[string]fs.FileMode{"new": 0, "open": 0o644, "read-only": 0o440} {
		file := filepath.Join(t.TempDir(), name)
		if before != 0 {
			if err := os.WriteFile(file, nil, before); err != nil {
				t.Fatal(err)
			}
		}
		withUmask(t, "022", "get", "--out", file, img, "wifi")
		if got := modeOf(t, file); got&0o177 != 0 || string(testenv.Read(t, file)) != "secret" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// Who could not read an image cannot read its copy, from the first write on.
func TestModesOfFlashedFiles(t *testing.T) {
	dir, img := built(t)
	for name, test := range map[string]struct {
		image, folder, before, want fs.FileMode
	}{
		"everyone's":            {0o644, 0o755, 0o644, 0o644},
		"private":               {0o600, 0o755, 0o644, 0o600},
		"a group's":             {0o640, 0o755, 0o664, 0o600},
		"in a closed folder":    {0o644, 0o700, 0o644, 0o600},
		"over one that is none": {0o600, 0o755, 0o600, 0o600},
	} {
		disk := stick(t, img)
		open(t, dir)
		if err := errors.Join(os.Chmod(img, test.image), os.Chmod(dir, test.folder), os.Chmod(disk, test.before)); err != nil {
			t.Fatal(err)
		}
		out := withUmask(t, "022", "flash", img, disk)
		if got := modeOf(t, disk); got != test.want || strings.Contains(out, "for its owner alone") != (test.want != test.before) {
			t.Errorf("%s: %v, want %v; %s", name, got, test.want, out)
		}
	}
	disk := stick(t, img)
	if err := errors.Join(os.Chmod(img, 0o600), os.Chmod(disk, 0o644), os.Truncate(disk, 1<<20)); err != nil {
		t.Fatal(err)
	}
	if code, _, _ := run(t, "flash", "--force", disk, img, disk); code == 0 || modeOf(t, disk) != 0o644 {
		t.Errorf("a flash that was refused: exit %d, %v", code, modeOf(t, disk))
	}
}
