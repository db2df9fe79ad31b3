package kernel_test

import (
	"bytes"
	"strings"
	"testing"

	"shimboot/tools/internal/kernel"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/traits"
	"shimboot/tools/internal/vboot"
)

const execRule = "\x00Chromium OS LSM: memfd execution blocked\x00"

// A shim whose kernel starts no program from a tmpfs is none; that its
// initramfs speaks of such kernels makes it no such kernel.
func TestExecShmemIsTheKernelsOwn(t *testing.T) {
	archive := shimArchive(t)
	inside := overwritten(archive, "\n1000\n", execRule) // in bin/busybox
	for name, test := range map[string]struct {
		image  []byte
		answer traits.Answer
	}{
		"kernel":           {overwritten(testenv.ARM64Image(archive), strings.Repeat("\x00", 99), execRule), traits.Yes},
		"behind":           {append(testenv.ARM64Image(archive), execRule...), traits.Yes},
		"initramfs":        {testenv.ARM64Image(inside), traits.No},
		"without the rule": {testenv.ARM64Image(archive), traits.No},
	} {
		t.Run(name, func(t *testing.T) {
			k, err := unpackARM(t, testenv.KernelFIT(t, test.image, "none"))
			if err != nil {
				t.Fatal(err)
			}
			r := k.Report()
			reasons := strings.Join(r.Bootable.Reasons, "\n")
			if r.Rules.ExecShmem.Answer != test.answer || r.Bootable.OK != (test.answer == traits.No) ||
				strings.Contains(reasons, "it starts no program from a tmpfs (\"memfd execution\" at 0x") != (test.answer == traits.Yes) {
				t.Errorf("%+v, bootable %v: %s", r.Rules.ExecShmem, r.Bootable.OK, reasons)
			}
		})
	}
}

// overwritten has text where d has what is searched for.
func overwritten(d []byte, search, text string) []byte {
	d = bytes.Clone(d)
	copy(d[bytes.Index(d, []byte(search)):], text)
	return d
}

// ChromeOS' kernel 3.8 is the first generation of its security module: links
// are refused, and modules pinned by its own code.
func TestRulesOfARealKernel(t *testing.T) {
	d := testenv.Read(t, testenv.VbootData(t, "rec_kernel_part.bin"))
	blob, err := vboot.Parse(bytes.NewReader(d), int64(len(d)))
	if err != nil {
		t.Fatal(err)
	}
	k, err := kernel.Unpack(blob, kernel.Limits{Kernel: 1 << 28, Initramfs: 1 << 28})
	if err != nil {
		t.Fatal(err)
	}
	r := k.Report()
	for name, test := range map[string]struct{ got, want traits.Answer }{
		"symlinks":      {r.Rules.SymlinkMounts.Answer, traits.Yes},
		"unsafe mounts": {r.Rules.UnsafeMounts.Answer, traits.No},
		"exec":          {r.Rules.ExecShmem.Answer, traits.No},
		"pinning":       {r.Rules.Pinning.Answer, traits.Own},
		"helper":        {r.Rules.UsermodeHelper.Answer, traits.No},
		"cgroup2":       {r.Abilities["cgroup2"].Answer, traits.No},
		"vt":            {r.Abilities["vt"].Answer, traits.Yes},
		"bpf syscall":   {r.Abilities["bpfSyscall"].Answer, traits.Unknown},
		"btrfs":         {r.Abilities["btrfs"].Answer, traits.Unknown},
	} {
		if test.got != test.want {
			t.Errorf("%s: %s, want %s", name, test.got, test.want)
		}
	}
}
