package testenv

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ARM64Banner is what the Images of ARM64Image call themselves.
const ARM64Banner = "Linux version 6.1.99-test (a@b) (gcc) #1 SMP PREEMPT"

// ARM64Image makes what looks like an uncompressed ARM64 kernel with a
// built-in archive, laid out as the linker script does: 4-aligned, and the
// length in the next 8-aligned word.
func ARM64Image(archive []byte) []byte {
	d := make([]byte, 64<<10)
	binary.LittleEndian.PutUint32(d, 0x91005a4d) // "MZ", and an instruction
	binary.LittleEndian.PutUint64(d[8:], 0x80000)
	binary.LittleEndian.PutUint64(d[16:], uint64(len(d)+len(archive)+1<<20))
	binary.LittleEndian.PutUint64(d[24:], 0xa)
	copy(d[0x38:], "ARM\x64\x40")
	copy(d[4096:], ARM64Banner+"\n\x00")
	d = append(d, archive...)
	d = append(d, make([]byte, -len(d)&7)...)
	d = binary.LittleEndian.AppendUint64(d, uint64(len(archive)))
	return append(d, make([]byte, 4096)...)
}

// BoardTree makes a device tree with dtc.
func BoardTree(t testing.TB, compatible ...string) []byte {
	t.Helper()
	dts := Write(t, "board.dts", fmt.Appendf(nil,
		"/dts-v1/;\n/ { model = \"test\"; compatible = %s; cpus { cpu@0 { compatible = \"arm,cortex-a53\"; }; }; };\n",
		"\""+strings.Join(compatible, "\", \"")+"\""))
	dtb := dts + ".dtb"
	Run(t, "dtc", "-q", "-I", "dts", "-O", "dtb", "-o", dtb, dts)
	return Read(t, dtb)
}

// FIT makes one with mkimage: its is the inside of the root node, which may
// include files by their names.
func FIT(t testing.TB, its string, files map[string][]byte, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	for name, d := range files {
		if err := os.WriteFile(filepath.Join(dir, name), d, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	source := filepath.Join(dir, "fit.its")
	text := "/dts-v1/;\n/ { description = \"test\"; #address-cells = <1>;\n" + its + "\n};\n"
	if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "fit")
	Run(t, "mkimage", append(append([]string{}, args...), "-f", source, out)...)
	return out
}

// KernelFIT is a FIT of one kernel and one board.
func KernelFIT(t testing.TB, kernel []byte, compression string, args ...string) string {
	t.Helper()
	return FIT(t, fmt.Sprintf(`
images {
  kernel-1 { data = /incbin/("kernel"); type = "kernel_noload"; arch = "arm64"; os = "linux"; compression = "%s"; load = <0>; entry = <0>; };
  fdt-1 { description = "board"; data = /incbin/("dtb"); type = "flat_dt"; arch = "arm64"; compression = "none"; hash-1 { algo = "sha1"; }; };
};
configurations { default = "conf-1"; conf-1 { kernel = "kernel-1"; fdt = "fdt-1"; }; };`, compression),
		map[string][]byte{"kernel": kernel, "dtb": BoardTree(t, "google,test-rev1", "google,test")}, args...)
}

// Compressed gives d through a program's filter, such as "lz4 -c".
func Compressed(t testing.TB, command string, d []byte) []byte {
	t.Helper()
	in := Write(t, "plain", d)
	Run(t, "sh", "-c", command+` <"$1" >"$1.out"`, "sh", in)
	return Read(t, in+".out")
}
