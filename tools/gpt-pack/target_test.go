package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/testenv"
)

// A file of a user's is not taken for a disk, unless it is named a second time.
func TestFlashAsksForAFileThatIsNoDisk(t *testing.T) {
	_, img := built(t)
	thesis := testenv.Write(t, "thesis.tar", bytes.Repeat([]byte("thesis! "), 80<<20/8))
	before := testenv.Read(t, thesis)
	for _, args := range [][]string{{}, {"--force", "thesis"}, {"--force", "/dev/sdb"}} {
		code, _, stderr := run(t, append(append([]string{"flash"}, args...), img, thesis)...)
		if code != command.ExitInput || !strings.Contains(stderr, "a file that is no disk image") || !strings.HasSuffix(stderr, "--force thesis.tar\n") {
			t.Errorf("%q: exit %d, %s", args, code, stderr)
		}
	}
	if !bytes.Equal(testenv.Read(t, thesis), before) {
		t.Error("the file changed")
	}
	for _, name := range []string{"thesis.tar", thesis} {
		if err := os.WriteFile(thesis, before, 0o600); err != nil {
			t.Fatal(err)
		}
		if code, _, stderr := run(t, "flash", "--force", name, img, thesis); code != 0 {
			t.Errorf("--force %s: %s", name, stderr)
		}
		checkFlashed(t, thesis)
	}
}

// What a loop device holds is not written to, by any command, and not replaced.
func TestFilesAndDisksOfLoopDevices(t *testing.T) {
	dir, img := built(t)
	disk := stick(t, img)
	dev := testenv.Loop(t, disk)
	above := testenv.Loop(t, dev)
	held := filepath.Join(t.TempDir(), "held.img")
	if err := os.WriteFile(held, testenv.Read(t, img), 0o600); err != nil {
		t.Fatal(err)
	}
	holds := testenv.Loop(t, held)
	renamed := held + ".old"
	if err := os.Rename(held, renamed); err != nil {
		t.Fatal(err)
	}
	before := [][]byte{testenv.Read(t, disk), testenv.Read(t, renamed)}
	note := testenv.Write(t, "note", []byte("x"))
	for name, test := range map[string]struct {
		args []string
		loop string
	}{
		"flash to a file":   {[]string{"flash", img, disk}, dev},
		"flash with force":  {[]string{"flash", "--force", disk, img, disk}, dev},
		"flash to a disk":   {[]string{"flash", "--force", dev, img, dev}, above},
		"flash to a rename": {[]string{"flash", img, renamed}, holds},
		"put":               {[]string{"put", renamed, note}, holds},
		"build":             {[]string{"build", "--spec", filepath.Join(dir, "spec.json"), "--out", renamed}, holds},
		"get":               {[]string{"get", "--out", renamed, img, "dev_image/etc/lsb-factory"}, holds},
	} {
		code, _, stderr := run(t, test.args...)
		if code != command.ExitInput || !strings.Contains(stderr, "in use as "+test.loop) || !strings.Contains(stderr, "losetup -d "+test.loop) {
			t.Errorf("%s: exit %d, %s", name, code, stderr)
		}
	}
	for i, file := range []string{disk, renamed} {
		if !bytes.Equal(testenv.Read(t, file), before[i]) {
			t.Errorf("%s changed", file)
		}
	}
	if code, _, stderr := run(t, "verify", renamed); code != 0 { // which only reads
		t.Error(stderr)
	}
	if code, _, stderr := run(t, "put", holds, note); code != 0 { // the disk itself
		t.Error(stderr)
	}
}
