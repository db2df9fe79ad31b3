package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/testenv"
)

func patch(t *testing.T, args ...string) (code int, stderr string) {
	t.Helper()
	var errs bytes.Buffer
	a := app()
	a.ErrWriter = &errs
	code = command.Run(context.Background(), a, append([]string{"initramfs-patch"}, args...), &errs)
	return code, errs.String()
}

// archive makes an initramfs with GNU cpio, a device node and a hard link in it.
func archive(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	testenv.Run(t, "sh", "-eu", "-c", `
		cd "$0" && mkdir -p tree/bin tree/dev && cd tree
		echo shim > init && echo busybox > bin/busybox && ln bin/busybox bin/ls
		ln -s bin sbin && mknod dev/console c 5 1
		find . | cpio -o -H newc --quiet > ../in.cpio`, dir)
	return filepath.Join(dir, "in.cpio")
}

// overlay makes a directory with a program and a text in it.
func overlay(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	testenv.Run(t, "sh", "-eu", "-c", `cd "$0" && mkdir bin && echo ours > bin/init && chmod 750 bin/init && echo text > note`, dir)
	return dir
}

func TestPatchedTree(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out.cpio")
	t.Setenv("SOURCE_DATE_EPOCH", "315532800")
	code, stderr := patch(t, "--in", archive(t), "--remove", "init", "--overlay", overlay(t), "--link", "etc/mtab=/proc/mounts", "--out", out)
	if code != 0 {
		t.Fatal(stderr)
	}
	got := testenv.Run(t, "sh", "-c", "TZ=UTC cpio -tvn --quiet < "+out)
	want := []string{
		"-rwxr-xr-x   1 0        0               5 Jan  1  1980 bin/init",
		"-rw-r--r--   2 0        0               8 Jan  1  1980 bin/busybox",
		"-rw-r--r--   2 0        0               0 Jan  1  1980 bin/ls",
		"crw-r--r--   1 0        0          5,   1 Jan  1  1980 dev/console",
		"lrwxrwxrwx   1 0        0              12 Jan  1  1980 etc/mtab -> /proc/mounts",
		"-rw-r--r--   1 0        0               5 Jan  1  1980 note",
		"lrwxrwxrwx   1 0        0               3 Jan  1  1980 sbin -> bin",
	}
	for _, line := range want {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("want %q in\n%s", line, got)
		}
	}
	if strings.Contains(got, " init\n") {
		t.Errorf("init is still there:\n%s", got)
	}
}

// A name with a comma is one name, and removing a file's first name leaves it
// at its others.
func TestCommasAndRemovedHardLinks(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out.cpio")
	code, stderr := patch(t, "--in", archive(t), "--remove", "bin/busybox", "--link", "a,b=c,d", "--out", out)
	if code != 0 {
		t.Fatal(stderr)
	}
	got := testenv.Run(t, "sh", "-c", "cpio -i --quiet --to-stdout bin/ls < "+out+"; cpio -tv --quiet < "+out)
	if !strings.HasPrefix(got, "busybox\n") || !strings.Contains(got, " a,b -> c,d\n") || strings.Contains(got, "bin/busybox") {
		t.Errorf("%s", got)
	}
}

func TestSameInputSameBytes(t *testing.T) {
	in, over := archive(t), overlay(t)
	var outs [2][]byte
	for i := range outs {
		out := filepath.Join(t.TempDir(), "out.cpio")
		if code, stderr := patch(t, "--in", in, "--overlay", over, "--out", out); code != 0 {
			t.Fatal(stderr)
		}
		outs[i] = testenv.Read(t, out)
	}
	if !bytes.Equal(outs[0], outs[1]) {
		t.Error("two runs differ")
	}
}

func TestRefusalsLeaveNothing(t *testing.T) {
	in := archive(t)
	through := t.TempDir()
	if err := os.MkdirAll(filepath.Join(through, "sbin"), 0o755); err != nil {
		t.Fatal(err)
	}
	// An archive whose directories have no entries, and a file in place of one.
	implied, file := filepath.Join(t.TempDir(), "in.cpio"), t.TempDir()
	testenv.Run(t, "sh", "-eu", "-c", `cd "$0" && mkdir -p a/b && echo f > a/b/f && echo x > x && printf "a/b/f\nx\n" | cpio -o -H newc --quiet > "$1"
		rm -r a x && mkdir a && echo file > a/b`, file, implied)
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"the root removed":       {[]string{"--in", in, "--remove", "/"}, command.ExitInput, "removing .: found the root of the archive"},
		"counted":                {[]string{"--in", implied, "--remove", "x", "--remove", "y"}, command.ExitInput, "no such entry among the 1"},
		"file over a directory":  {[]string{"--in", implied, "--remove", "x", "--overlay", file}, command.ExitInput, "with files below it"},
		"missing archive":        {[]string{"--in", "/nonexistent.cpio"}, command.ExitIO, "no such file"},
		"no archive":             {[]string{"--in", testenv.Write(t, "text", []byte("hello, this is no archive"))}, command.ExitInput, "cpio header at offset 0"},
		"nothing to remove":      {[]string{"--in", in, "--remove", "sbin/init"}, command.ExitInput, "removing sbin/init: found no such entry"},
		"directory over symlink": {[]string{"--in", in, "--overlay", through}, command.ExitInput, "would replace the symlink to bin"},
		"bad link":               {[]string{"--in", in, "--link", "name"}, command.ExitUsage, "want NAME=TARGET"},
		"missing overlay":        {[]string{"--in", in, "--overlay", "/nonexistent"}, command.ExitIO, "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			code, stderr := patch(t, append(test.args, "--out", filepath.Join(dir, "out.cpio"))...)
			if code != test.code || !strings.Contains(stderr, test.want) {
				t.Errorf("exit %d, %q; want %d, %q", code, stderr, test.code, test.want)
			}
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}
