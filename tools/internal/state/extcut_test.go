package state_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"shimboot/tools/internal/testenv"
)

// extStick is a volatile disk with files on a STATE of that kind.
func extStick(t *testing.T, size string, mkfs []string, files map[string]string) *volatile {
	t.Helper()
	testenv.Need(t, "mke2fs", "e2fsck", "debugfs")
	dir := t.TempDir()
	for name, text := range files {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	part := filepath.Join(t.TempDir(), "part")
	testenv.Run(t, "mke2fs", append(append([]string{"-q"}, mkfs...), "-d", dir, part, size)...)
	return newVolatile(t, part, lookExt)
}

// wrongExt is in what e2fsck says of more than the superblock's sums, which are
// as old as Linux leaves them where it cannot unmount.
var wrongExt = regexp.MustCompile(`(?m)^.*(wrong [^(]|WARNING|Fix|Clear|should be|differences).*$`)

// lookExt is all that is on an ext file system, as debugfs has it; e2fsck has
// found no damage.
func lookExt(t *testing.T, part string) (files map[string]string, wrong bool) {
	t.Helper()
	said, err := testenv.Try(t, "e2fsck", "-fn", part)
	said = regexp.MustCompile(`Free (blocks|inodes) count wrong \(.*\nFix\? no\n`).ReplaceAllString(said, "")
	if err != nil || wrongExt.MatchString(said) {
		t.Errorf("e2fsck: %s", said)
		wrong = true
	}
	dir := t.TempDir()
	testenv.Run(t, "debugfs", "-R", "rdump / "+dir, part)
	files = map[string]string{}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(dir, path)
			files[name] = string(testenv.Read(t, path))
		}
		return err
	})
	if err := errors.Join(err, os.RemoveAll(dir)); err != nil {
		t.Fatal(err)
	}
	return files, wrong
}

// extKinds are file systems that e2fsprogs of today and of older days make.
func extKinds() map[string][]string {
	return map[string][]string{
		"ext4":           {"-t", "ext4"},
		"ext4 of ours":   {"-t", "ext4", "-b", "4096", "-O", "64bit,metadata_csum,^has_journal"},
		"journal":        {"-t", "ext4", "-b", "1024", "-J", "size=1"},
		"uninit":         {"-t", "ext4", "-O", "^metadata_csum,uninit_bg,^64bit"},
		"many groups":    {"-t", "ext4", "-b", "1024", "-g", "512", "-N", "128"},
		"ext2":           {"-t", "ext2", "-I", "128"},
		"ext2 of groups": {"-t", "ext2", "-b", "1024", "-g", "512", "-N", "128"},
	}
}

func TestPutThroughPowerCutsOfExt(t *testing.T) {
	files := map[string]string{
		"shimboot.conf": "timeout = menu\n", "empty": "", "dir/large": strings.Repeat("large", 40_000), "dir/other": "other",
	}
	for kind, mkfs := range extKinds() {
		for _, name := range []string{"shimboot.conf", "empty", "dir/large", "new.conf", "shimboot/new/er.conf", "dir/new"} {
			for size, text := range map[string]string{"small": "new\n", "large": strings.Repeat("new content\n", 40_000), "empty": ""} {
				if size != "large" && !strings.HasPrefix(name, "shimboot") || kind != "ext4" && size == "empty" {
					continue
				}
				t.Run(kind+"/"+filepath.Base(name)+"/"+size, func(t *testing.T) {
					putThroughCuts(t, extStick(t, "4M", mkfs, files), name, text, false)
				})
			}
		}
	}
}

// Where there is no room for both, the file may be empty in between.
func TestPutThroughPowerCutsOfATightExt(t *testing.T) {
	files := map[string]string{"fill": strings.Repeat("x", 560<<10), "other": "other"}
	v := extStick(t, "1M", []string{"-t", "ext4"}, files)
	if tight, err := v.open(t).Tight(testenv.Write(t, "new", make([]byte, 570<<10)), "/fill"); err != nil || !tight {
		t.Errorf("%v, %v; want it told", tight, err)
	}
	putThroughCuts(t, v, "fill", strings.Repeat("new", 190<<10), true)
}
