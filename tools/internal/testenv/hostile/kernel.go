package hostile

import (
	"bytes"
	"testing"

	"shimboot/tools/internal/testenv"
)

const cmdline = "root=PARTUUID=%U/PARTNROFF=1 kern_guid=%U"

// Kernel is a signed blob with an ARM64 kernel that inflates to n MiB and more.
func Kernel(t testing.TB, n int) []byte {
	t.Helper()
	fit := testenv.KernelFIT(t, Zstd(t, testenv.ARM64Image(nil), 0, n), "zstd")
	return testenv.Read(t, testenv.PackArch(t, "arm", fit, cmdline, "installer_kernel"))
}

// KernelWith is a signed blob with an ARM64 kernel that has the archive in it.
func KernelWith(t testing.TB, archive []byte) []byte {
	t.Helper()
	fit := testenv.KernelFIT(t, testenv.ARM64Image(archive), "none")
	return testenv.Read(t, testenv.PackArch(t, "arm", fit, cmdline, "installer_kernel"))
}

// Initramfs is an archive that inflates to n MiB and more.
func Initramfs(t testing.TB, n int) []byte {
	t.Helper()
	cpio := CpioOfNames(1)
	return Zstd(t, bytes.TrimRight(cpio, "\x00"), 0, n)
}
