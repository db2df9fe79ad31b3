package depthcharge_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/depthcharge"
	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/testenv"
)

const mib = 1 << 20

// stick is a disk with a kernel that a key of vboot's developers has signed.
func stick(t *testing.T, key string, attributes uint64) string {
	t.Helper()
	kernel := testenv.PackArch(t, "arm", testenv.Write(t, "kernel", []byte(strings.Repeat("kernel", 9999))), "kern_guid=%U init=/x", key)
	f, err := os.Create(filepath.Join(t.TempDir(), "stick"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(8 * mib); err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(testenv.Read(t, kernel), mib); err != nil {
		t.Fatal(err)
	}
	table := &gpt.Table{GUID: "00112233-4455-6677-8899-AABBCCDDEEFF", Partitions: []gpt.Partition{{
		Number: 1, Name: "KERN-A", Type: gpt.TypeKernel, GUID: "00112233-4455-6677-8899-AABBCCDDEE01", Start: mib, Size: 4 * mib, Attributes: attributes,
	}}}
	if err := table.Write(f, 8*mib); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}

func load(t *testing.T, path string) (*depthcharge.Kernel, error) {
	t.Helper()
	return depthcharge.Load(t.Context(), path, depthcharge.Options{Key: testenv.DevKey(t, "recovery_key.vbpubk"), Dir: t.TempDir()})
}

// The kernel gets the partition's GUID, as firmware writes it.
func TestLoad(t *testing.T) {
	k, err := load(t, stick(t, "installer_kernel", gpt.KernelAttributes(1, 1, false)))
	if err != nil {
		t.Fatal(err)
	}
	const guid = "00112233-4455-6677-8899-aabbccddee01"
	if k.GUID != guid || k.Cmdline != "kern_guid="+guid+" init=/x cros_secure" {
		t.Errorf("%+v", k)
	}
	if info, err := os.Stat(k.Vmlinuz); err != nil || info.Size() == 0 {
		t.Errorf("%v, %v", info, err)
	}
}

func TestFirmwareRefuses(t *testing.T) {
	good := gpt.KernelAttributes(1, 1, false)
	damaged := stick(t, "installer_kernel", good)
	d := testenv.Read(t, damaged)
	d[mib+70_000] ^= 1
	table := testenv.Read(t, stick(t, "installer_kernel", good))
	table[2*512] ^= 1
	for name, c := range map[string]struct{ path, want string }{
		"another key":       {stick(t, "kernel", good), "firmware refuses this stick"},
		"a changed kernel":  {testenv.Write(t, "stick", d), "firmware refuses this stick"},
		"no tries":          {stick(t, "installer_kernel", gpt.KernelAttributes(1, 0, false)), "none with a priority and tries left"},
		"a changed table":   {testenv.Write(t, "stick", table), "want a disk that firmware accepts"},
		"a disk of nothing": {testenv.Write(t, "stick", make([]byte, 8*mib)), "want a disk that firmware accepts"},
	} {
		if _, err := load(t, c.path); !badinput.Is(err) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
