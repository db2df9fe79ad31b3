package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/kernel"
	"shimboot/tools/internal/testenv"
)

// A 32-bit ARM kernel is verified like any other, and refused by name.
func TestARMKernelIsRefusedByName(t *testing.T) {
	blob := testenv.PackArch(t, "arm", testenv.VbootData(t, "vmlinuz-arm.bin"), "kern_guid=%U", "kernel")
	if code, _, stderr := run(t, "verify", blob); code != 0 {
		t.Error(stderr)
	}
	code, _, stderr := run(t, "info", blob)
	if code != command.ExitInput || !strings.Contains(stderr, "found a FIT with a 32-bit ARM kernel") {
		t.Errorf("exit %d, %s", code, stderr)
	}
}

// The kernel of an ARM64 disk comes out as the FIT that was packed.
func TestExtractsFIT(t *testing.T) {
	cpio := filepath.Join(t.TempDir(), "cpio")
	testenv.Run(t, "sh", "-c", `cd "$(mktemp -d)" && { echo '#!/bin/sh'; seq 900; } >init && echo init | cpio -o -H newc --quiet >"$1"`, "sh", cpio)
	image := testenv.ARM64Image(testenv.Compressed(t, "xz --check=crc32 -c", testenv.Read(t, cpio)))
	fit := testenv.KernelFIT(t, testenv.Compressed(t, "lz4 -q -c", image), "lz4")
	img := disk(t, testenv.PackArch(t, "arm", fit, "kern_guid=%U", "installer_kernel"))
	out := filepath.Join(t.TempDir(), "out")
	code, _, stderr := run(t, "extract", "--out", out, img)
	if code != 0 {
		t.Fatal(stderr)
	}
	for name, want := range map[string]string{"kernel.fit": fit, "initramfs.cpio": cpio} {
		if !bytes.Equal(testenv.Read(t, filepath.Join(out, name)), testenv.Read(t, want)) {
			t.Errorf("%s is not what was packed", name)
		}
	}
	var r kernel.Report
	if err := json.Unmarshal(testenv.Read(t, filepath.Join(out, "kernel.json")), &r); err != nil {
		t.Fatal(err)
	}
	if _, is := r.Outputs["vmlinuz"]; is || r.Outputs["kernel.fit"].Size == 0 || r.Arch != "aarch64" || r.FIT == nil {
		t.Errorf("%+v", r)
	}
}
