// Package testenv gives tests the real programs and files that they compare
// with. A test is skipped where one is missing, and fails where CI=true.
package testenv

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Run runs a program and gives its output; the test fails if the program does.
func Run(t testing.TB, name string, args ...string) string {
	t.Helper()
	out, err := Try(t, name, args...)
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	return out
}

// Try is Run for a program that may fail.
func Try(t testing.TB, name string, args ...string) (string, error) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		Missing(t, "program "+name)
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	return string(out), err
}

// Need wants programs that the code under test runs itself. It puts where the
// system's administrator has them into PATH too, as users often do not.
func Need(t testing.TB, programs ...string) {
	t.Helper()
	t.Setenv("PATH", os.Getenv("PATH")+":/usr/sbin:/sbin")
	for _, name := range programs {
		if _, err := exec.LookPath(name); err != nil {
			Missing(t, "program "+name)
		}
	}
}

// VbootData is a file of tests/futility/data in vboot's source package.
func VbootData(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("VBOOT_SOURCE")
	if dir == "" {
		Missing(t, "$VBOOT_SOURCE, the unpacked source of vboot-utils")
	}
	return filepath.Join(dir, "tests/futility/data", name)
}

// DevKey is a file of vboot's public developer keys.
func DevKey(t testing.TB, name string) string {
	t.Helper()
	file := filepath.Join("/usr/share/vboot/devkeys", name)
	if _, err := os.Stat(file); err != nil {
		Missing(t, file)
	}
	return file
}

// Write makes a file in the test's own directory.
func Write(t testing.TB, name string, data []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// Read reads a whole file.
func Read(t testing.TB, file string) []byte {
	t.Helper()
	d, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Pack makes a signed kernel blob of an x86 kernel with vbutil_kernel and the
// developer key of the given name, such as "installer_kernel".
func Pack(t testing.TB, vmlinuz, cmdline, key string) string {
	t.Helper()
	return PackArch(t, "x86", vmlinuz, cmdline, key)
}

// PackArch is Pack for an architecture by vbutil_kernel's name.
func PackArch(t testing.TB, arch, vmlinuz, cmdline, key string) string {
	t.Helper()
	return PackWith(t, arch, vmlinuz, cmdline, DevKey(t, key+".keyblock"), DevKey(t, key+"_data_key.vbprivk"))
}

// PackWith is PackArch for a keyblock and the private half of its data key.
func PackWith(t testing.TB, arch, vmlinuz, cmdline, keyblock, private string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "kernel.bin")
	stub := append([]byte("MZ"), make([]byte, 8190)...)
	Run(t, "vbutil_kernel", "--pack", out, "--keyblock", keyblock, "--signprivate", private,
		"--version", "1", "--arch", arch,
		"--vmlinuz", vmlinuz, "--config", Write(t, "cmdline", []byte(cmdline)),
		"--bootloader", Write(t, "stub", stub))
	return out
}

// Missing skips a test that cannot be done for lack of what; where CI=true it
// fails.
func Missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing", what)
	}
	t.Skipf("%s is missing", what)
}
