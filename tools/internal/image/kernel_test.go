package image

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/testenv"
)

// shimSpec is a kernel and a ROOT-A with a file of size bytes.
func shimSpec(t *testing.T, size int) *Spec {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), bytes.Repeat([]byte("x"), size), 0o600); err != nil {
		t.Fatal(err)
	}
	kernel := testenv.Pack(t, testenv.VbootData(t, "vmlinuz-amd64.bin"), "kern_guid=%U", "installer_kernel")
	return &Spec{Seed: "x", Partitions: []PartitionSpec{
		{Name: "KERN-A", Type: "chromeos-kernel", Size: "32MiB", Content: Content{Raw: &Raw{Path: kernel}}},
		{Name: "ROOT-A", Type: "chromeos-rootfs", Size: "content", Content: Content{Ext2: &Filesystem{Sources: []Source{{Directory: dir}}}}},
	}}
}

func TestRootThatTheShimCannotTake(t *testing.T) {
	s := shimSpec(t, 33<<20)
	_, err := NewPlan(t.Context(), s, Options{Time: time.Unix(0, 0)})
	if !badinput.Is(err) || !strings.Contains(err.Error(), "partition 2 (ROOT-A): content: found 34603008 bytes of files, want at most 33554432") {
		t.Errorf("33 MiB: %v", err)
	}
	s.Partitions[1].MaxContent = "34MiB"
	p, err := NewPlan(t.Context(), s, Options{Time: time.Unix(0, 0)})
	if err != nil {
		t.Fatalf("33 MiB where maxContent allows it: %v", err)
	}
	defer p.Close()
	p.Kernel = &Kernel{TmpfsBytes: 33 << 20} // which the file fits, but not its file system
	if err := p.checkRoots(s); !badinput.Is(err) || !strings.Contains(err.Error(), "the tmpfs that the shim's initramfs copies them to") {
		t.Errorf("a tmpfs of 33 MiB: %v", err)
	}
	p.Kernel.TmpfsBytes = 64 << 20
	if err := p.checkRoots(s); err != nil {
		t.Errorf("a tmpfs of 64 MiB: %v", err)
	}
}

// What the kernel says of itself stands in the plan.
func TestKernelOfThePlan(t *testing.T) {
	p, err := NewPlan(t.Context(), shimSpec(t, 1), Options{Time: time.Unix(0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if k := *p.Kernel; k != (Kernel{Release: "3.8.11"}) {
		t.Errorf("%+v", k)
	}
}
