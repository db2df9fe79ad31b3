package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/image"
	"shimboot/tools/internal/testenv"
)

func TestOthersAcceptTheImage(t *testing.T) {
	dir, img := built(t)
	if out := testenv.Run(t, "sgdisk", "--verify", img); !strings.Contains(out, "No problems found") {
		t.Error(out)
	}
	testenv.Run(t, "sfdisk", "--verify", img)
	if out := testenv.Run(t, "cgpt", "find", "-t", "kernel", img); out != img+"2\n" {
		t.Errorf("cgpt finds the kernel at %q", out)
	}
	attributes := testenv.Run(t, "cgpt", "show", "-i", "2", "-P", img) + testenv.Run(t, "cgpt", "show", "-i", "2", "-T", img) +
		testenv.Run(t, "cgpt", "show", "-i", "2", "-S", img)
	if attributes != "10\n5\n1\n" {
		t.Errorf("priority, tries, successful: %q", attributes)
	}
	testenv.Run(t, "fsck.fat", "-n", part(t, img, "1"))
	kernel := testenv.Read(t, filepath.Join(dir, "kernel.bin"))
	if !bytes.HasPrefix(testenv.Read(t, part(t, img, "2")), kernel) {
		t.Error("partition 2 is not the kernel")
	}
	testenv.Run(t, "e2fsck", "-fn", part(t, img, "3"))
	root := part(t, img, "4")
	testenv.Run(t, "e2fsck", "-fn", root)
	if out := testenv.Run(t, "debugfs", "-R", "cat /etc/hostname", root); !strings.HasSuffix(out, "shimboot\n") {
		t.Errorf("/etc/hostname: %q", out)
	}
	for name, want := range map[string]string{
		"/tmp":         "Mode:  01777",
		"/bin":         `Fast link dest: "sbin"`,
		"/dev/console": "Device major/minor number: 05:01",
	} {
		if out := testenv.Run(t, "debugfs", "-R", "stat "+name, root); !strings.Contains(out, want) {
			t.Errorf("%s: want %q in\n%s", name, want, out)
		}
	}
	if code, _, stderr := run(t, "verify", img); code != 0 {
		t.Error(stderr)
	}
}

// A copy in another place lists its files in another order, where it is a
// tmpfs: the latest first. Its modes are those of its umask, its times new.
func TestSameSpecSameBytes(t *testing.T) {
	dir, spec := inputs(t)
	testenv.Run(t, "sh", "-euc", `mkdir "$0/rootfs/many"; cd "$0/rootfs/many"; seq 100 | xargs touch`, dir)
	img := filepath.Join(dir, "img")
	if code, _, stderr := run(t, "build", "--spec", writeSpec(t, dir, spec), "--out", img); code != 0 {
		t.Fatal(stderr)
	}
	code, out := mounted(t, `mount -t tmpfs tmpfs "$PWD"
cd "$PWD"
umask 077
cp -r "$1" copy
[ "$(cd "$1/rootfs/many" && ls -U)" != "$(cd copy/rootfs/many && ls -U)" ]
cd /
TZ=Pacific/Auckland GOMAXPROCS=1 LC_ALL=C "$GPT_PACK" build --spec "$OLDPWD/copy/spec.json" --out "$OLDPWD/again.img"
cmp "$2" "$OLDPWD/again.img"`, dir, img)
	if code != 0 {
		t.Errorf("exit %d: %s", code, out)
	}
}

func TestDryRun(t *testing.T) {
	dir, spec := inputs(t)
	file := writeSpec(t, dir, spec)
	before, _ := os.ReadDir(dir)
	for _, test := range []struct {
		args []string
		want []string
	}{
		{nil, []string{"MiB, disk ", "board test\n", "2  KERN-A                2.0 MiB ", "  32.0 MiB  raw "}},
		{[]string{"-v"}, []string{"2  KERN-A                2097152 ", "  33554432  raw "}},
		{[]string{"--json"}, []string{`"start": 2097152,`}},
	} {
		code, stdout, stderr := run(t, append([]string{"build", "--dry-run", "--spec", file}, test.args...)...)
		if code != 0 || stderr != "" {
			t.Errorf("%v: exit %d, %s", test.args, code, stderr)
		}
		for _, want := range test.want {
			if !strings.Contains(stdout, want) {
				t.Errorf("%v: want %q in\n%s", test.args, want, stdout)
			}
		}
	}
	if after, _ := os.ReadDir(dir); len(after) != len(before) {
		t.Errorf("files: %v", after)
	}
}

// What the kernel says of itself stands in the plan, or why it says nothing.
func TestPlanForPeople(t *testing.T) {
	for want, kernel := range map[string]*image.Kernel{
		"kernel 3.8.11, which does not say how much of ROOT-A it takes\n": {Release: "3.8.11"},
		"the limit of ROOT-A is not known: not so\n":                      {Fault: "not so"},
		"kernel 5.4.85, which takes 640.0 MiB of ROOT-A\n":                {Release: "5.4.85", TmpfsBytes: 640 << 20},
	} {
		var b strings.Builder
		if err := printPlan(&b, &image.Plan{Kernel: kernel}, false); err != nil || !strings.Contains(b.String(), want) {
			t.Errorf("%v, want %q in\n%s", err, want, b.String())
		}
	}
}

// What cannot work is said before a byte is written, and nothing is left.
func TestBadSpecs(t *testing.T) {
	for name, test := range map[string]struct {
		change func(spec map[string]any, parts []any)
		args   []string
		want   string
	}{
		"unknown field":        {func(s map[string]any, _ []any) { s["colour"] = 1 }, nil, `unknown field "colour"`},
		"version":              {func(s map[string]any, _ []any) { s["schemaVersion"] = 9 }, nil, "schemaVersion: found 9, want 1"},
		"no seed":              {func(s map[string]any, _ []any) { s["seed"] = "" }, nil, "seed"},
		"missing kernel":       {func(_ map[string]any, p []any) { p[1] = kernelPartition("gone.bin") }, nil, "gone.bin: no such file"},
		"kernel that is none":  {func(_ map[string]any, p []any) { p[1] = kernelPartition("rootfs/etc/hostname") }, nil, "rootfs/etc/hostname: keyblock"},
		"no root after kernel": {func(_ map[string]any, p []any) { p[2] = p[3]; p[3] = partition("x", "linux-data", "1MiB", "raw", nil) }, nil, "a kernel without a root after it"},
		"too small":            {func(_ map[string]any, p []any) { p[1].(map[string]any)["size"] = "1MiB" }, nil, "partition 2 (KERN-A): size: found 1048576 bytes"},
		"bad size":             {func(_ map[string]any, p []any) { p[3].(map[string]any)["size"] = "big" }, nil, `size: found "big"`},
		"bad device": {func(_ map[string]any, p []any) {
			p[3] = partition("x", "linux-data", "content", "ext4", map[string]any{
				"sources": []any{map[string]any{"devices": map[string]any{"dev/x": "p 1 2 0600"}}},
			})
		}, nil, `device dev/x: found "p 1 2 0600"`},
		"equal names":        {func(_ map[string]any, p []any) { p[3].(map[string]any)["name"] = "STATE" }, nil, "no other partition has"},
		"content over limit": {func(_ map[string]any, p []any) { p[2].(map[string]any)["maxContent"] = "5" }, nil, "at most 5"},
		"stick too small":    {nil, []string{"--max-size", "40MiB"}, "want at most 41943040"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, spec := inputs(t)
			if test.change != nil {
				test.change(spec, spec["partitions"].([]any))
			}
			file := writeSpec(t, dir, spec)
			out := t.TempDir()
			code, _, stderr := run(t, append([]string{"build", "--spec", file, "--out", filepath.Join(out, "img")}, test.args...)...)
			if code == 0 || !strings.Contains(stderr, test.want) {
				t.Errorf("exit %d, %q, want %q", code, stderr, test.want)
			}
			if left, _ := os.ReadDir(out); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}
