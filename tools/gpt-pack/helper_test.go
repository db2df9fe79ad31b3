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
