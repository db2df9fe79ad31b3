package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/kernel"
	"shimboot/tools/internal/testenv"
)

// extracted gives the directory that extract filled, and its kernel.json.
func extracted(t *testing.T, image string) (dir string, r *kernel.Report) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "out")
	if code, _, stderr := run(t, "extract", "--out", dir, image); code != 0 {
		t.Fatal(stderr)
	}
	r = &kernel.Report{}
	if err := json.Unmarshal(testenv.Read(t, filepath.Join(dir, "kernel.json")), r); err != nil {
		t.Fatal(err)
	}
	return dir, r
}

func TestVmlinuzIsThatOfVbutilKernel(t *testing.T) {
	blob := testenv.Pack(t, testenv.VbootData(t, "vmlinuz-amd64.bin"), "kern_guid=%U", "installer_kernel")
	dir, _ := extracted(t, blob)
	theirs := filepath.Join(t.TempDir(), "vmlinuz")
	testenv.Run(t, "vbutil_kernel", "--get-vmlinuz", blob, "--vmlinuz-out", theirs)
	if !bytes.Equal(testenv.Read(t, filepath.Join(dir, "vmlinuz")), testenv.Read(t, theirs)) {
		t.Error("our vmlinuz differs from vbutil_kernel's")
	}
}

// A preamble of 2.0 does not say where the real-mode part is. What
// vbutil_kernel writes then is the bare body, which nothing boots; we write
// no vmlinuz.
func TestNoVmlinuzOfAnOldPreamble(t *testing.T) {
	blob := testenv.VbootData(t, "rec_kernel_part.bin")
	dir, _ := extracted(t, blob)
	theirs := filepath.Join(t.TempDir(), "vmlinuz")
	testenv.Run(t, "vbutil_kernel", "--get-vmlinuz", blob, "--vmlinuz-out", theirs)
	if d := testenv.Read(t, theirs); string(d[0x202:0x206]) == "HdrS" {
		t.Error("vbutil_kernel finds a setup header")
	}
	if _, err := os.Stat(filepath.Join(dir, "vmlinuz")); !os.IsNotExist(err) {
		t.Errorf("we write one: %v", err)
	}
}

// What kernel.json says about a FIT is what fdtget reads from kernel.fit.
func TestFITIsReadAlikeByFdtget(t *testing.T) {
	dir, r := extracted(t, testenv.PackArch(t, "arm", goldenFIT(t, "mount -t tmpfs tmpfs /newroot"), "kern_guid=%U", "kernel"))
	file := filepath.Join(dir, "kernel.fit")
	fdtget := func(file string, args ...string) string {
		return strings.TrimSpace(testenv.Run(t, "fdtget", append([]string{file}, args...)...))
	}
	k := r.FIT.Kernel
	for property, ours := range map[string]string{"compression": string(k.Compression), "type": k.Type, "arch": k.Arch} {
		if theirs := fdtget(file, "/images/"+k.Name, property); theirs != ours {
			t.Errorf("%s: we say %q, fdtget %q", property, ours, theirs)
		}
	}
	var names []string
	for _, c := range r.FIT.Configurations {
		names = append(names, c.Name)
		tree, node := file, "/configurations/"+c.Name
		if len(c.FDT) > 0 { // the list is in the board's own tree
			tree, node = filepath.Join(t.TempDir(), "board.dtb"), "/"
			testenv.Run(t, "dumpimage", "-T", "flat_dt", "-p", "1", "-o", tree, file)
		}
		if theirs := fdtget(tree, node, "compatible"); theirs != strings.Join(c.Compatible, " ") {
			t.Errorf("%s: we say %q, fdtget %q", c.Name, c.Compatible, theirs)
		}
	}
	if theirs := strings.Fields(fdtget("-l", file, "/configurations")); strings.Join(theirs, " ") != strings.Join(names, " ") || len(names) != 2 {
		t.Errorf("configurations: we say %q, fdtget %q", names, theirs)
	}
}
