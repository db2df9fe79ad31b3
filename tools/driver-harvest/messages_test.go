package main

import (
	"context"
	"maps"
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

// TestBadInput: of what is wrong with an image it says in one sentence in
// which image, which partition and which file, and where.
func TestBadInput(t *testing.T) {
	testenv.Need(t, "depmod", "mke2fs", "cgpt")
	const dir = "/lib/modules/" + release
	shim, recovery := board(t)
	shim["lib/firmware/loopdir/x"] = ""
	good := fileSystem(t, shim, "-t", "ext2")
	damaged := func(name string, change func(record int64, image string)) string {
		image := fileSystem(t, shim, "-t", "ext2")
		change(int64(strings.LastIndex(read(t, image), name))-8, image) // of the directory's record
		return disk(t, image)
	}
	sized := func(size string) string {
		image := fileSystem(t, shim, "-t", "ext2")
		patch(t, image, 0x467, "\x00") // debugfs minds the hack
		testenv.Run(t, "debugfs", "-w", "-R", "sif /opt/google/touch/t.bin size "+size, image)
		return disk(t, image)
	}
	with := func(name, content string) string {
		tree := maps.Clone(shim)
		tree[name] = content
		return disk(t, fileSystem(t, tree, "-t", "ext2"))
	}
	recovery["etc/modprobe.d/large.conf"] = strings.Repeat("#", 1<<20)
	cut := fileSystem(t, recovery, "-t", "ext2", "-b", "1024")
	if err := os.Truncate(cut, int64(strings.Index(read(t, cut), strings.Repeat("#", 1024)))); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ shim, want string }{
		"no ELF":        {with(dir[1:]+"/bad.ko", "no module"), "partition 3 (ROOT-A): " + dir + `/bad.ko: module at offset 0: found bytes "no mod", want an ELF object`},
		"no modules":    {fileSystem(t, recovery, "-t", "ext2"), "/root-a: /lib/modules: found none, want a directory of modules"},
		"two releases":  {with("lib/modules/4.4.0/x", ""), "found modules for 4.4.0, " + release + ", want one release; say which with --kernel-json"},
		"cut off":       {cut, cut + ": ext4: length at byte 1028: found 8192 blocks of 1024 bytes, want at most the "},
		"slash":         {damaged("wifi-3.ucode", func(at int64, image string) { patch(t, image, at+11, "/") }), `: found "wif/-3.ucode", want a name without / and NUL`},
		"NUL":           {damaged("wifi-3.ucode", func(at int64, image string) { patch(t, image, at+11, "\x00") }), `: found "wif\x00-3.ucode", want a name`},
		"loop":          {damaged("loopdir", func(at int64, image string) { patch(t, image, at, "\x02\x00\x00\x00") }), `readdir lib/firmware: ext4: inode of "loopdir" at byte `},
		"no such inode": {damaged("wifi-3.ucode", func(at int64, image string) { patch(t, image, at, "\xff\xff\xff\x7f") }), `: found 2147483647, want 11 to `},
		"large":         {sized("3000000000"), "/opt/google/touch/t.bin: size: found more than 268435456 bytes"},
		"impossible":    {sized("5000000000000"), ": found 5000000000000, want at most 4398046511104"},
	} {
		t.Run(name, func(t *testing.T) {
			work := t.TempDir()
			args := []string{"--shim", c.shim, "--out", filepath.Join(work, "out")}
			if name == "cut off" {
				args = append(args, "--shim", good, "--recovery", c.shim)
			}
			code, _, errs := tool(context.Background(), args...)
			if code != 2 || !strings.Contains(errs, c.want) || strings.Count(errs, "\n") != 1 {
				t.Errorf("exit %d, want 2 with %q:\n%s", code, c.want, errs)
			}
			only(t, work)
		})
	}
}
