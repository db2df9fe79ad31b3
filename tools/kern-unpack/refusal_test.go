package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/testenv"
)

// armBlob packs an ARM64 kernel image that is not compressed.
func armBlob(t *testing.T, image []byte, cmdline string) string {
	t.Helper()
	return testenv.PackArch(t, "arm", testenv.KernelFIT(t, image, "none"), cmdline, "installer_kernel")
}

// What cannot be used is refused with what to do about it, and leaves nothing.
func TestRefusalsSayWhatToDo(t *testing.T) {
	const cmdline = "root=PARTUUID=%U/PARTNROFF=1 kern_guid=%U"
	blob := testenv.VbootData(t, "rec_kernel_part.bin")
	img := disk(t, blob)
	verity := func(cmdline string) string {
		return testenv.PackArch(t, "arm", goldenFIT(t, "mount -t tmpfs tmpfs /newroot\ndmsetup create -r vroot"), cmdline, "installer_kernel")
	}
	one, zeros := testenv.ARM64Image(archiveOf(t, script("init", "exit"))), make([]byte, 4<<20)
	bomb := testenv.ARM64Image(testenv.Compressed(t, "gzip -9 -n -c", append(archiveOf(t, script("init", "exit")), zeros...)))
	changed := testenv.Read(t, blob)
	changed[len(changed)/2] ^= 1
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"verity": {[]string{"--require-shim", verity(cmdline)},
			"it checks the signature of ROOT-A (dmsetup create -r vroot in /bin/bootstrap.sh), and cros_debug is not on its command line" +
				", want that of an RMA shim; look for an older RMA shim of the board"},
		"recovery kernel":      {[]string{"--require-shim", img}, "want that of an RMA shim; take the RMA shim of the board"},
		"root as kernel":       {[]string{"--part", "3", img}, "a ChromeOS kernel; leave --part out to take what firmware would boot, or give one of: 2 (KERN-A), 4 (KERN-B)"},
		"kernel that is empty": {[]string{"--part", "4", img}, "this is no ChromeOS kernel partition"},
		"truncated body":       {[]string{testenv.Write(t, "cut.bin", testenv.Read(t, blob)[:3<<20])}, "the image is cut off: fetch it again"},
		"damaged body":         {[]string{testenv.Write(t, "changed.bin", changed)}, "to have signed these bytes: the image is damaged or was changed, fetch it again"},
		"two archives":         {[]string{armBlob(t, append(bytes.Clone(one), one[64<<10:]...), cmdline)}, "want one; take another release of the board's shim"},
		"large kernel":         {[]string{"--max-size", "60000", armBlob(t, one, cmdline)}, "raise --max-size if the input is to be trusted"},
		"bomb in a kernel":     {[]string{"--max-size", "1000000", armBlob(t, bomb, cmdline)}, "more than 1000000 bytes in a gzip stream, want at most that; raise --max-size"},
		"no kernel at all":     {[]string{testenv.VbootData(t, "kern_preamble.bin")}, "the blob holds neither an x86 kernel nor a FIT"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			code, stdout, stderr := run(t, append([]string{"extract", "--out", filepath.Join(dir, "out")}, test.args...)...)
			if code != command.ExitInput || !strings.Contains(stderr, test.want) || stdout != "" {
				t.Errorf("exit %d\n%q, want\n%q", code, stderr, test.want)
			}
			if left, err := os.ReadDir(dir); len(left) > 0 || err != nil {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
	// With cros_debug it is as good as any.
	if code, _, stderr := run(t, "extract", "--require-shim", "--out", filepath.Join(t.TempDir(), "out"), verity(cmdline+" cros_debug")); code != 0 {
		t.Errorf("with cros_debug: %s", stderr)
	}
}

// A kernel whose signature is bad is no shim, whatever else it has.
func TestBadSignatureIsInTheVerdict(t *testing.T) {
	d := testenv.Read(t, testenv.PackArch(t, "arm", goldenFIT(t, "mount -t tmpfs tmpfs /newroot"), "root=PARTUUID=%U/PARTNROFF=1 kern_guid=%U", "installer_kernel"))
	file := testenv.Write(t, "good.bin", d)
	if code, stdout, stderr := run(t, "info", file); code != 0 || !strings.Contains(stdout, "bootable: yes") {
		t.Errorf("exit %d\n%s%s", code, stdout, stderr)
	}
	d[len(d)-1] ^= 1
	file = testenv.Write(t, "bad.bin", d)
	code, stdout, stderr := run(t, "info", file)
	for _, want := range []string{"signatures    BAD: body signature", "- firmware refuses it: body signature", "what to do    the image is damaged"} {
		if code != 0 || !strings.Contains(stdout, want) {
			t.Errorf("exit %d, no %q in\n%s%s", code, want, stdout, stderr)
		}
	}
	code, _, stderr = run(t, "extract", "--require-shim", "--out", filepath.Join(t.TempDir(), "out"), file)
	if code != command.ExitInput || !strings.Contains(stderr, "firmware refuses it") {
		t.Errorf("exit %d, %s", code, stderr)
	}
}
