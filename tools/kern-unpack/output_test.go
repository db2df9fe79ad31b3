package main

import (
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/testenv"
)

func TestExtractPrintsKernelJSON(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	code, stdout, stderr := run(t, "extract", "--json", "-v", "--out", out, testenv.VbootData(t, "rec_kernel_part.bin"))
	if code != 0 || !strings.Contains(stderr, "initramfs  at ") {
		t.Fatalf("exit %d, %s", code, stderr)
	}
	if want := string(testenv.Read(t, filepath.Join(out, "kernel.json"))); stdout != want {
		t.Errorf("printed\n%s\nkernel.json is\n%s", stdout, want)
	}
}

func TestInfoSaysWhereTheLayersAre(t *testing.T) {
	code, stdout, stderr := run(t, "info", "-v", testenv.VbootData(t, "rec_kernel_part.bin"))
	if code != 0 || !strings.Contains(stderr, "body       at 65536") || !strings.Contains(stdout, "Linux 3.8.11") {
		t.Errorf("exit %d\n%s%s", code, stdout, stderr)
	}
}

func TestInfoWarnsOfTheBackupTable(t *testing.T) {
	d := testenv.Read(t, disk(t, testenv.VbootData(t, "rec_kernel_part.bin")))
	clear(d[512:1024])
	code, stdout, stderr := run(t, "info", testenv.Write(t, "damaged.bin", d))
	if code != 0 || !strings.Contains(stdout, "partition 2 (KERN-A)") || !strings.Contains(stderr, "the backup was used") {
		t.Errorf("exit %d\n%s%s", code, stdout, stderr)
	}
}

// A name in the table or in the kernel cannot steer the terminal.
func TestHostileNames(t *testing.T) {
	blob := testenv.Pack(t, testenv.VbootData(t, "vmlinuz-amd64.bin"), "a\x1b[2Jb", "installer_kernel")
	img := disk(t, blob)
	testenv.Run(t, "cgpt", "add", "-i", "2", "-l", "K\x1b[31m", img)
	testenv.Run(t, "cgpt", "add", "-i", "3", "-l", "R\x1b[31m", img)
	code, stdout, stderr := run(t, "info", img)
	if code != 0 || strings.Contains(stdout, "\x1b") || strings.Count(stdout, "\ufffd[") != 3 {
		t.Errorf("exit %d\n%q%s", code, stdout, stderr)
	}
	code, _, stderr = run(t, "info", "--part", "3", img)
	if code != command.ExitInput || strings.Contains(stderr, "\x1b") {
		t.Errorf("exit %d, %q", code, stderr)
	}
}
