package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/kernel"
	"shimboot/tools/internal/testenv"
)

// run calls the command line and gives its exit code and outputs.
func run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	a := app()
	a.Writer, a.ErrWriter = &out, &errs
	code = command.Run(context.Background(), a, append([]string{"kern-unpack"}, args...), &errs)
	return code, out.String(), errs.String()
}

// disk makes a ChromeOS-like disk with cgpt: KERN-A is partition 2 but stands
// behind partition 4, which firmware would not boot.
func disk(t *testing.T, blob string) string {
	t.Helper()
	img := filepath.Join(t.TempDir(), "disk.bin")
	if err := os.WriteFile(img, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(img, 32<<20); err != nil {
		t.Fatal(err)
	}
	cgpt := func(args ...string) { testenv.Run(t, "cgpt", append(args, img)...) }
	cgpt("create")
	cgpt("add", "-i", "4", "-b", "2048", "-s", "2048", "-t", "kernel", "-l", "KERN-B", "-P", "0", "-T", "15")
	cgpt("add", "-i", "2", "-b", "16384", "-s", "32768", "-t", "kernel", "-l", "KERN-A", "-P", "10", "-S", "1")
	cgpt("add", "-i", "3", "-b", "4096", "-s", "2048", "-t", "rootfs", "-l", "ROOT-A")
	testenv.Run(t, "dd", "if="+blob, "of="+img, "bs=512", "seek=16384", "conv=notrunc", "status=none")
	return img
}

func zipped(t *testing.T, img string) string {
	t.Helper()
	return testenv.Zip(t, "chromeos_recovery.bin", img)
}

// A ChromeOS recovery kernel from vboot's test data, in every kind of input.
func TestExtractsFromEveryKindOfInput(t *testing.T) {
	blob := testenv.VbootData(t, "rec_kernel_part.bin")
	img := disk(t, blob)
	for name, input := range map[string]string{"blob": blob, "disk": img, "zip": zipped(t, img)} {
		t.Run(name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			code, _, stderr := run(t, "extract", "--out", out, input)
			if code != 0 {
				t.Fatal(stderr)
			}
			if !strings.Contains(stderr, "not bootable as a shim: its initramfs is the kernel's default") {
				t.Errorf("no warning: %s", stderr)
			}
			if !bytes.Equal(testenv.Read(t, filepath.Join(out, "kernel.bin")), testenv.Read(t, blob)) {
				t.Error("kernel.bin is not the blob")
			}
			var r kernel.Report
			if err := json.Unmarshal(testenv.Read(t, filepath.Join(out, "kernel.json")), &r); err != nil {
				t.Fatal(err)
			}
			if r.KernelRelease != "3.8.11" || r.Arch != "x86_64" || !r.Initramfs.Default || r.Initramfs.Unpacked != 512 {
				t.Errorf("kernel.json: %+v", r)
			}
			list := testenv.Run(t, "sh", "-c", "cpio -t --quiet < "+filepath.Join(out, "initramfs.cpio"))
			if list != "dev\ndev/console\nroot\n" {
				t.Errorf("initramfs.cpio holds %q", list)
			}
		})
	}
}

// A kernel packed by vbutil_kernel gives back a kernel that vbutil_kernel and
// the kernel's own payload agree with.
func TestInfoOfPackedKernel(t *testing.T) {
	blob := testenv.Pack(t, testenv.VbootData(t, "vmlinuz-amd64.bin"), "kern_guid=%U cros_debug", "installer_kernel")
	code, stdout, stderr := run(t, "info", "--json", blob)
	if code != 0 {
		t.Fatal(stderr)
	}
	var r kernel.Report
	if err := json.Unmarshal([]byte(stdout), &r); err != nil {
		t.Fatalf("not one JSON document: %v", err)
	}
	if r.Vboot.KeyblockFlags != "0x1a (DEV|REC|!MINIOS)" || r.Cmdline != "kern_guid=%U cros_debug" {
		t.Errorf("%+v", r.Vboot)
	}
	code, stdout, _ = run(t, "info", blob)
	if code != 0 || !strings.Contains(stdout, "bootable: no, because") {
		t.Errorf("info says\n%s", stdout)
	}
}

func TestVerifyNamesTheFailedCheck(t *testing.T) {
	blob := testenv.VbootData(t, "rec_kernel_part.bin")
	if code, out, stderr := run(t, "verify", blob); code != 0 || strings.Count(out, " ok ") != 3 {
		t.Errorf("exit %d\n%s%s", code, out, stderr)
	}
	d := testenv.Read(t, blob)
	d[len(d)-1] ^= 1
	code, out, stderr := run(t, "verify", testenv.Write(t, "changed.bin", d))
	if code != command.ExitInput || !strings.Contains(out, "body signature      BAD") || !strings.Contains(stderr, "body signature") {
		t.Errorf("exit %d\n%s%s", code, out, stderr)
	}
	// Who signed the keyblock: the same answers as vbutil_kernel's.
	for key, want := range map[string]int{"recovery_key.vbpubk": 0, "root_key.vbpubk": command.ExitInput} {
		code, _, stderr = run(t, "verify", "--key", testenv.DevKey(t, key), blob)
		_, err := testenv.Try(t, "vbutil_kernel", "--verify", blob, "--signpubkey", testenv.DevKey(t, key))
		if code != want || (err == nil) != (want == 0) {
			t.Errorf("with %s: exit %d %s, vbutil_kernel: %v", key, code, stderr, err)
		}
	}
}

// Whatever the input lacks is named, and nothing is left at --out.
func TestBadInputLeavesNothing(t *testing.T) {
	blob := testenv.Read(t, testenv.VbootData(t, "rec_kernel_part.bin"))
	img := disk(t, testenv.VbootData(t, "rec_kernel_part.bin"))
	noKernel := filepath.Join(t.TempDir(), "empty.bin")
	if err := os.WriteFile(noKernel, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(noKernel, 1<<20); err != nil {
		t.Fatal(err)
	}
	testenv.Run(t, "cgpt", "create", noKernel)
	noInitramfs := bytes.Replace(blob, []byte("\x1f\x8b\x08"), []byte("\x1f\x8b\x07"), 1)
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"missing file":     {[]string{"/nonexistent/shim.bin"}, command.ExitIO, "no such file"},
		"empty file":       {[]string{testenv.Write(t, "e", nil)}, command.ExitInput, "found 0 bytes"},
		"no disk":          {[]string{testenv.Write(t, "t", bytes.Repeat([]byte("text "), 9999))}, command.ExitInput, "GPT at offset 512"},
		"no kernel":        {[]string{noKernel}, command.ExitInput, "KERN-A: found no partitions"},
		"cut off blob":     {[]string{testenv.Write(t, "b", blob[:1<<20])}, command.ExitInput, "kernel body at offset 65536"},
		"cut off disk":     {[]string{testenv.Write(t, "d", testenv.Read(t, img)[:12<<20])}, command.ExitInput, "the image is cut off"},
		"broken payload":   {[]string{testenv.Write(t, "p", noInitramfs)}, command.ExitInput, "kernel payload"},
		"no such part":     {[]string{"--part", "9", img}, command.ExitInput, "partition 9: found partitions 2 KERN-A, 3 ROOT-A, 4 KERN-B"},
		"root as kernel":   {[]string{"--part", "3", img}, command.ExitInput, "partition 3 (ROOT-A)"},
		"too large":        {[]string{"--max-size", "1000000", img}, command.ExitInput, "more than 1000000 bytes"},
		"too large, units": {[]string{"--max-size", "1MB", img}, command.ExitInput, "more than 1000000 bytes"},
		"no size":          {[]string{"--max-size", "3 gigs", img}, command.ExitUsage, `--max-size: size: found "3 gigs"`},
		"directory":        {[]string{filepath.Dir(img)}, command.ExitInput, "is a directory; name the image file in it"},
		"not a shim":       {[]string{"--require-shim", img}, command.ExitInput, "not bootable as a shim"},
		"two arguments":    {[]string{img, img}, command.ExitUsage, "want: kern-unpack extract IMAGE"},
		"unknown flag":     {[]string{"--frobnicate", img}, command.ExitUsage, "frobnicate"},
		"progress unknown": {[]string{"--progress", "maybe", img}, command.ExitUsage, "--progress"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			code, stdout, stderr := run(t, append([]string{"extract", "--out", filepath.Join(dir, "out")}, test.args...)...)
			if code != test.code || !strings.Contains(stderr, test.want) || stdout != "" {
				t.Errorf("exit %d, want %d; stderr %q, want %q", code, test.code, stderr, test.want)
			}
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestOutputIsNotOverwritten(t *testing.T) {
	out := t.TempDir()
	code, _, stderr := run(t, "extract", "--out", out, testenv.VbootData(t, "rec_kernel_part.bin"))
	if code != command.ExitIO || !strings.Contains(stderr, "is there already") {
		t.Errorf("exit %d, %s", code, stderr)
	}
}
