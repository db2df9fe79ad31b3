package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/testenv"
)

// TestUncleanJournal: what was not written back is said, and the rest taken.
func TestUncleanJournal(t *testing.T) {
	testenv.Need(t, "depmod", "mke2fs")
	shim, _ := board(t)
	image := fileSystem(t, shim, "-t", "ext3", "-b", "1024")
	const incompat, needsRecovery = 1024 + 0x60, 4
	old := []byte(read(t, image))[incompat]
	patch(t, image, incompat, string([]byte{old | needsRecovery}))
	work := t.TempDir()
	code, _, errs := tool(context.Background(), "--shim", image, "--out", filepath.Join(work, "out"))
	want := "driver-harvest: warning: " + image + ": its journal was not replayed; what was written last may be missing\n"
	if code != 0 || errs != want {
		t.Errorf("exit %d: got %q, want %q", code, errs, want)
	}
	only(t, work, "out")
}

// TestBadContentNamesTheImage has an error in a file of the root, which is in
// a partition, which is in an image.
func TestBadContentNamesTheImage(t *testing.T) {
	testenv.Need(t, "depmod", "mke2fs", "cgpt")
	shim, recovery := board(t)
	good := disk(t, fileSystem(t, shim, "-t", "ext2"))
	shim["lib/modules/"+release+"/bad.ko"] = "no module"
	bad := disk(t, fileSystem(t, shim, "-t", "ext2"))
	recovery["etc/modprobe.d/large.conf"] = strings.Repeat("#", 1<<20)
	cut := fileSystem(t, recovery, "-t", "ext2", "-b", "1024")
	blocks := strings.Index(read(t, cut), strings.Repeat("#", 1024))
	if err := os.Truncate(cut, int64(blocks)); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"module":      {[]string{"--shim", bad}, bad + ", partition 3 (ROOT-A): /lib/modules/" + release + "/bad.ko: module at offset 0: found "},
		"no modules":  {[]string{"--shim", fileSystem(t, recovery, "-t", "ext2")}, "/root-a: /lib/modules: found none"},
		"file system": {[]string{"--shim", good, "--recovery", cut}, cut + ": "},
	} {
		t.Run(name, func(t *testing.T) {
			work := t.TempDir()
			code, _, errs := tool(context.Background(), append(c.args, "--out", filepath.Join(work, "out"))...)
			if code != 2 || !strings.Contains(errs, c.want) || strings.Count(errs, "\n") != 1 {
				t.Errorf("exit %d, want 2 with %q:\n%s", code, c.want, errs)
			}
			only(t, work)
		})
	}
}
