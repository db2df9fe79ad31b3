package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/testenv"
)

func run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return runContext(t, context.Background(), args...)
}

func runContext(t *testing.T, ctx context.Context, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	a := app()
	a.Writer, a.ErrWriter = &out, &errs
	code = command.Run(ctx, a, append([]string{"gpt-pack"}, args...), &errs)
	return code, out.String(), errs.String()
}

// inputs makes what a small image is made of: a signed kernel, an archive for
// ROOT-A, a directory for the root, files for STATE.
func inputs(t *testing.T) (dir string, spec map[string]any) {
	t.Helper()
	dir = t.TempDir()
	kernel := testenv.Pack(t, testenv.VbootData(t, "vmlinuz-amd64.bin"), "kern_guid=%U", "installer_kernel")
	if err := os.Rename(kernel, filepath.Join(dir, "kernel.bin")); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"state/dev_image/etc/lsb-factory": "SHIMBOOT_BOARD=test\n",
		"rootfs/sbin/init":                "#!/bin/sh\n",
		"rootfs/etc/hostname":             "shimboot\n",
		"root-a/bin/init":                 "#!/bin/sh\n",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	testenv.Run(t, "sh", "-c", fmt.Sprintf("cd %q/root-a && find . | cpio -o -H newc --quiet > ../root-a.cpio", dir))
	return dir, map[string]any{
		"schemaVersion": 1, "seed": "test", "board": "test",
		"partitions": []any{
			partition("STATE", "linux-data", "1MiB", "vfat", sources("directory", "state")),
			kernelPartition("kernel.bin"),
			partition("ROOT-A", "chromeos-rootfs", "32MiB", "ext2", sources("cpio", "root-a.cpio")),
			partition("shimboot_rootfs:test", "linux-data", "content+10%", "ext4", map[string]any{
				"label": "test", "sources": []any{
					map[string]any{"directory": "rootfs"},
					map[string]any{"directories": map[string]any{"tmp": "1777"}},
					map[string]any{"links": map[string]any{"bin": "sbin"}},
					map[string]any{"devices": map[string]any{"dev/console": "c 5 1 0600"}},
				},
			}),
		},
	}
}

func sources(kind, path string) map[string]any {
	return map[string]any{"label": "LABEL", "sources": []any{map[string]any{kind: path}}}
}

func partition(name, typ, size, content string, fs map[string]any) map[string]any {
	return map[string]any{"name": name, "type": typ, "size": size, "content": map[string]any{content: fs}}
}

func kernelPartition(path string) map[string]any {
	return map[string]any{
		"name": "KERN-A", "type": "chromeos-kernel", "size": "32MiB", "priority": 10, "tries": 5, "successful": true,
		"content": map[string]any{"raw": map[string]any{"path": path}},
	}
}

func writeSpec(t *testing.T, dir string, spec map[string]any) string {
	t.Helper()
	d, err := json.Marshal(spec)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "spec.json")
	if err := os.WriteFile(file, d, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func built(t *testing.T) (dir, img string) {
	t.Helper()
	dir, spec := inputs(t)
	img = filepath.Join(dir, "shimboot.img")
	if code, _, stderr := run(t, "build", "--spec", writeSpec(t, dir, spec), "--out", img); code != 0 {
		t.Fatal(stderr)
	}
	return dir, img
}

// part copies a partition out, by what cgpt says of it.
func part(t *testing.T, img, number string) string {
	t.Helper()
	field := func(flag string) int64 {
		n, err := strconv.ParseInt(strings.TrimSpace(testenv.Run(t, "cgpt", "show", "-i", number, flag, img)), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n * 512
	}
	start := field("-b")
	return testenv.Write(t, "p"+number, testenv.Read(t, img)[start:start+field("-s")])
}

func TestOthersAcceptTheImage(t *testing.T) {
	dir, img := built(t)
	if out := testenv.Run(t, "sgdisk", "--verify", img); !strings.Contains(out, "No problems found") {
		t.Error(out)
	}
	testenv.Run(t, "sfdisk", "--verify", img)
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

func TestSameSpecSameBytes(t *testing.T) {
	dir, img := built(t)
	again := filepath.Join(t.TempDir(), "again.img")
	t.Setenv("TZ", "Pacific/Auckland")
	if code, _, stderr := run(t, "build", "--spec", filepath.Join(dir, "spec.json"), "--out", again); code != 0 {
		t.Fatal(stderr)
	}
	if !bytes.Equal(testenv.Read(t, img), testenv.Read(t, again)) {
		t.Error("two builds differ")
	}
}

func TestDryRunWritesNothing(t *testing.T) {
	dir, spec := inputs(t)
	file := writeSpec(t, dir, spec)
	before, _ := os.ReadDir(dir)
	code, stdout, stderr := run(t, "build", "--dry-run", "--spec", file)
	if code != 0 || !strings.Contains(stdout, "shimboot_rootfs:test") {
		t.Errorf("exit %d\n%s%s", code, stdout, stderr)
	}
	if after, _ := os.ReadDir(dir); len(after) != len(before) {
		t.Errorf("files: %v", after)
	}
}

func TestShowAndPut(t *testing.T) {
	_, img := built(t)
	wifi := testenv.Write(t, "wifi-credentials.json", []byte(`{"ssid":"x"}`))
	if code, _, stderr := run(t, "put", img, wifi); code != 0 {
		t.Fatal(stderr)
	}
	if out := testenv.Run(t, "mtype", "-i", img+"@@1M", "::/wifi-credentials.json"); out != `{"ssid":"x"}` {
		t.Errorf("in STATE: %q", out)
	}
	testenv.Run(t, "fsck.fat", "-n", part(t, img, "1"))
	code, stdout, _ := run(t, "show", "--json", img)
	var shown struct{ Partitions []shown }
	if err := json.Unmarshal([]byte(stdout), &shown); code != 0 || err != nil {
		t.Fatalf("exit %d, %v", code, err)
	}
	var list []string
	for _, p := range shown.Partitions {
		list = append(list, fmt.Sprintf("%d %s %s %s", p.Number, p.Name, p.Type, p.Content))
	}
	want := "1 STATE linux-data vfat|2 KERN-A chromeos-kernel kernel|3 ROOT-A chromeos-rootfs ext2|4 shimboot_rootfs:test linux-data ext4"
	if got := strings.Join(list, "|"); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

func TestVerifyFindsWhatFirmwareWould(t *testing.T) {
	_, img := built(t)
	d := testenv.Read(t, img)
	d[3<<20] ^= 1 // in the kernel's body
	code, _, stderr := run(t, "verify", testenv.Write(t, "changed.img", d))
	if code != command.ExitInput || !strings.Contains(stderr, "body signature") {
		t.Errorf("exit %d, %s", code, stderr)
	}
	_, other := built(t)
	if code, _, stderr := run(t, "verify", "--shim", other, img); code != 0 {
		t.Errorf("against the same kernel: %s", stderr)
	}
	shim := testenv.Read(t, other)
	shim[3<<20] ^= 1
	code, _, stderr = run(t, "verify", "--shim", testenv.Write(t, "shim.bin", shim), img)
	if code != command.ExitInput || !strings.Contains(stderr, "partition 2 differs from the kernel of") {
		t.Errorf("against another kernel: exit %d, %s", code, stderr)
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

func TestInterruptedBuildLeavesNothing(t *testing.T) {
	dir, spec := inputs(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	out := t.TempDir()
	code, _, stderr := runContext(t, ctx, "build", "--spec", writeSpec(t, dir, spec), "--out", filepath.Join(out, "img"))
	if code != command.ExitIO || !strings.Contains(stderr, "interrupted; nothing was written") {
		t.Errorf("exit %d, %q", code, stderr)
	}
	if left, _ := os.ReadDir(out); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A full disk, which only root can make here: a small tmpfs.
func TestFullDiskLeavesNothing(t *testing.T) {
	dir, spec := inputs(t)
	out := t.TempDir()
	if msg, err := testenv.Try(t, "mount", "-t", "tmpfs", "-o", "size=1M", "tmpfs", out); err != nil {
		t.Skipf("cannot mount a tmpfs: %s", msg)
	}
	t.Cleanup(func() { testenv.Run(t, "umount", out) })
	code, _, stderr := run(t, "build", "--spec", writeSpec(t, dir, spec), "--out", filepath.Join(out, "img"))
	if code != command.ExitIO || !strings.Contains(stderr, "no space left on device") {
		t.Errorf("exit %d, %q", code, stderr)
	}
	if left, _ := os.ReadDir(out); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
