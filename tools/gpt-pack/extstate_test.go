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

// extState is an image whose STATE, which others made, is an ext file system
// with one of everything; on a board whose kernel has no vfat it is one.
func extState(t *testing.T, mkfs ...string) string {
	t.Helper()
	dir, spec := inputs(t)
	state := filepath.Join(dir, "state.ext")
	testenv.Run(t, "sh", "-euc", `cd "$0/state"; mkdir full; echo old >full/old; ln full/old linked; ln -s full/old link
		setfattr -n user.colour -v blue full/old; chown 7:8 linked; chmod 0640 linked; touch -d 2001-02-03 linked`, dir)
	testenv.Run(t, "mke2fs", append(append([]string{"-q", "-L", "STATE"}, mkfs...), "-d", filepath.Join(dir, "state"), state, "1M")...)
	spec["partitions"].([]any)[0] = map[string]any{
		"name": "STATE", "type": "linux-data", "size": "1MiB",
		"content": map[string]any{"raw": map[string]any{"path": state}},
	}
	img := filepath.Join(dir, "img")
	if code, _, stderr := run(t, "build", "--spec", writeSpec(t, dir, spec), "--out", img); code != 0 {
		t.Fatal(stderr)
	}
	return img
}

func TestPutIntoAnExtState(t *testing.T) {
	for name, mkfs := range map[string][]string{
		"ext2": {"-t", "ext2"}, "ext4": {"-t", "ext4"}, "of 4 KiB": {"-t", "ext2", "-b", "4096"},
	} {
		t.Run(name, func(t *testing.T) {
			img := extState(t, mkfs...)
			uuid := testenv.Run(t, "blkid", "-p", "-o", "value", "-s", "UUID", part(t, img, "1"))
			file := testenv.Write(t, "wifi", []byte("secret"))
			for _, arg := range []string{file, file + "=a/b/c", file + "=dev_image/etc/lsb-factory"} {
				if code, _, stderr := run(t, "put", img, arg); code != 0 {
					t.Fatalf("%s: %s", arg, stderr)
				}
			}
			for _, name := range []string{"wifi", "a/b/c", "dev_image/etc/lsb-factory"} {
				if _, stdout, _ := run(t, "get", img, name); stdout != "secret" {
					t.Errorf("%s: %q", name, stdout)
				}
			}
			state := part(t, img, "1")
			testenv.Run(t, "e2fsck", "-fn", state)
			if got := testenv.Run(t, "blkid", "-p", "-o", "value", "-s", "UUID", state); got != uuid {
				t.Errorf("UUID %s, was %s", got, uuid)
			}
			checkOld(t, state)
		})
	}
}

// checkOld looks at what was there before.
func checkOld(t *testing.T, state string) {
	t.Helper()
	for command, want := range map[string]string{
		"cat /linked":             "old\n",
		"stat /full/old":          "Mode:  0640",
		"stat /linked":            "Links: 2",
		"stat /link":              `Fast link dest: "full/old"`,
		"ea_list /full/old":       `user.colour (4) = "blue"`,
		"show_inode_info /linked": "User:     7   Group:     8 ",
	} {
		if out := testenv.Run(t, "debugfs", "-R", command, state); !strings.Contains(out, want) {
			t.Errorf("%s: want %q in\n%s", command, want, out)
		}
	}
}

// What cannot be done changes nothing.
func TestPutIntoAnExtStateRefuses(t *testing.T) {
	img := extState(t, "-t", "ext2")
	before := testenv.Read(t, img)
	file := testenv.Write(t, "f", []byte("x"))
	large := testenv.Write(t, "large", bytes.Repeat([]byte("x"), 2<<20))
	for arg, want := range map[string]string{
		file + "=full":       "full, which is no file",
		file + "=linked/x":   "linked, which is no directory",
		file + "=lost+found": "lost+found",
		file + "=../x":       "a path inside the partition",
		large:                "no room for 2097152 bytes",
		os.DevNull:           "no regular file",
	} {
		if code, _, stderr := run(t, "put", img, arg); code != command.ExitInput || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d, %s; want %q", arg, code, stderr, want)
		}
	}
	if !bytes.Equal(testenv.Read(t, img), before) {
		t.Error("the image changed")
	}
}

// Where the disk below an image is full, the file is as it was.
func TestPutIntoAnExtStateOnAFullDisk(t *testing.T) {
	img := extState(t, "-t", "ext4")
	large := filepath.Join(filepath.Dir(img), "large")
	if err := os.WriteFile(large, bytes.Repeat([]byte("x"), 500_000), 0o600); err != nil {
		t.Fatal(err)
	}
	const script = `mount -t tmpfs -o size=64M tmpfs "$PWD"
cd "$PWD"
cp --sparse=always "$1" img
head -c 1G /dev/zero >fill 2>/dev/null || :
code=0
"$GPT_PACK" put img "$2=full/old" || code=$?
rm fill
"$GPT_PACK" get img full/old
dd if=img of=part bs=1M skip=1 count=1 status=none
e2fsck -fn part >said 2>&1 || cat said
exit $code`
	code, out := mounted(t, script, img, large)
	if code != command.ExitIO || !strings.Contains(out, "no space left on device") || !strings.HasSuffix(out, "\nold\n") {
		t.Errorf("exit %d, %q", code, out)
	}
}
