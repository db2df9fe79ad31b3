package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/cpio"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/tree"
)

// To write them anew: go test ./tools/kern-unpack -run Golden -update
var update = flag.Bool("update", false, "write the golden files anew")

// kernel.json and the screen of info to the byte, for inputs that are the same
// everywhere: vboot's own kernels, and what is packed around made-up ones
// without a compressor, whose versions differ.
func TestGolden(t *testing.T) {
	const cmdline = "root=PARTUUID=%U/PARTNROFF=1 kern_guid=%U"
	for name, blob := range map[string]string{
		"recovery-3.8": testenv.VbootData(t, "rec_kernel_part.bin"),
		"packed-amd64": testenv.Pack(t, testenv.VbootData(t, "vmlinuz-amd64.bin"), cmdline, "installer_kernel"),
		"arm64-shim":   testenv.PackArch(t, "arm", goldenFIT(t, "mount -t tmpfs -o size=640M tmpfs /newroot"), cmdline, "installer_kernel"),
		"arm64-verity": testenv.PackArch(t, "arm", goldenFIT(t, "mount -t tmpfs tmpfs /newroot\ndmsetup create -r vroot"), cmdline, "kernel"),
	} {
		t.Run(name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			if code, _, stderr := run(t, "extract", "--out", out, blob); code != 0 {
				t.Fatal(stderr)
			}
			compare(t, name+".json", filepath.Join(out, "kernel.json"))
			code, screen, stderr := run(t, "info", blob)
			first, rest, _ := strings.Cut(screen, "\n")
			if code != 0 || first != "image         "+blob {
				t.Errorf("exit %d, %q, %s", code, first, stderr)
			}
			compare(t, name+".txt", testenv.Write(t, "info", []byte(rest)))
		})
	}
}

// compare compares a file with the golden one, or makes it that.
func compare(t *testing.T, golden, file string) {
	t.Helper()
	golden = filepath.Join("testdata", golden)
	if *update {
		if err := os.WriteFile(golden, testenv.Read(t, file), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff, err := testenv.Try(t, "diff", "-u", golden, file); err != nil {
		t.Errorf("%s", diff)
	}
}

// goldenFIT is a kernel for two boards whose initramfs has a bootstrap script
// with the given lines.
func goldenFIT(t *testing.T, bootstrap string) string {
	t.Helper()
	t.Setenv("SOURCE_DATE_EPOCH", "315532800") // mkimage's time
	files := archiveOf(t,
		script("init", "exec bin/bootstrap.sh"),
		script("bin/bootstrap.sh", bootstrap+"\nexec switch_root /newroot /sbin/init"),
		&tree.Entry{Path: "etc/lsb-release", Mode: 0o644, Link: "etc/os-release"},
		script("etc/os-release", "CHROMEOS_RELEASE_TRACK=test\nCHROMEOS_RELEASE_BOARD=golden"),
	)
	return testenv.FIT(t, `
images {
  kernel-1 { data = /incbin/("kernel"); type = "kernel_noload"; arch = "arm64"; os = "linux"; compression = "none"; load = <0>; entry = <0>; };
  fdt-1 { data = /incbin/("krane"); type = "flat_dt"; arch = "arm64"; compression = "none"; };
};
configurations { default = "conf-1";
  conf-1 { kernel = "kernel-1"; fdt = "fdt-1"; };
  conf-2 { description = "by name"; kernel = "kernel-1"; compatible = "google,kodama", "mediatek,mt8183"; };
};`, map[string][]byte{
		"kernel": testenv.ARM64Image(files),
		"krane":  testenv.BoardTree(t, "google,krane-sku176", "google,krane", "mediatek,mt8183"),
	})
}

func archiveOf(t *testing.T, files ...*tree.Entry) []byte {
	t.Helper()
	merged, err := tree.Merge(files)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := cpio.Write(&b, merged); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func script(path, text string) *tree.Entry {
	text = fmt.Sprintf("#!/bin/sh\n%s\n", text)
	return &tree.Entry{
		Path: path, Mode: 0o755, Size: int64(len(text)),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil },
	}
}
