package kernel_test

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shimboot/tools/internal/kernel"
	"shimboot/tools/internal/testenv"
)

// extractVmlinux does what scripts/extract-vmlinux in Linux does: try each
// gzip magic of $1 until an ELF file comes out, at $2. (gzip exits with 2 for
// what follows the stream.)
const extractVmlinux = `
for at in $(LC_ALL=C grep -abo "$(printf '\037\213\010')" "$1" | cut -d : -f 1); do
  tail -c "+$((at + 1))" "$1" | gzip -dc >"$2" 2>/dev/null || [ $? -eq 2 ] || continue
  case $(head -c 4 "$2" | od -An -tx1) in *'7f 45 4c 46') exit ;; esac
done
exit 1`

func unpack(t *testing.T, file string) *kernel.Kernel {
	t.Helper()
	k, err := kernel.Unpack(parse(t, testenv.Read(t, file)), kernel.Limits{Kernel: 1 << 28, Initramfs: 1 << 28})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestVmlinuxIsThatOfTheShell(t *testing.T) {
	for name, blob := range map[string]string{
		"recovery kernel": testenv.VbootData(t, "rec_kernel_part.bin"),
		"packed kernel":   testenv.Pack(t, testenv.VbootData(t, "vmlinuz-amd64.bin"), "quiet", "kernel"),
	} {
		t.Run(name, func(t *testing.T) {
			vmlinux := filepath.Join(t.TempDir(), "vmlinux")
			testenv.Run(t, "sh", "-c", extractVmlinux, "sh", blob, vmlinux)
			if !bytes.Equal(unpack(t, blob).Vmlinux, testenv.Read(t, vmlinux)) {
				t.Error("the shell finds another kernel")
			}
		})
	}
}

// The initramfs holds the same names for us and for cpio.
func TestInitramfsListedByOthers(t *testing.T) {
	image := testenv.ARM64Image(testenv.Compressed(t, "xz --check=crc32 -c", shimArchive(t)))
	for name, blob := range map[string]string{
		"recovery kernel": testenv.VbootData(t, "rec_kernel_part.bin"),
		"shim":            testenv.PackArch(t, "arm", testenv.KernelFIT(t, image, "none"), armCmdline, "installer_kernel"),
	} {
		t.Run(name, func(t *testing.T) {
			k := unpack(t, blob)
			var ours []string
			for _, e := range k.Initramfs.Entries {
				ours = append(ours, e.Path)
			}
			slices.Sort(ours)
			theirs := strings.Fields(testenv.Run(t, "cpio", "-t", "--quiet", "-F", testenv.Write(t, "initramfs.cpio", k.Initramfs.Cpio)))
			slices.Sort(theirs)
			if !slices.Equal(ours, theirs) || len(ours) < 3 {
				t.Errorf("we find %q, cpio %q", ours, theirs)
			}
		})
	}
}
