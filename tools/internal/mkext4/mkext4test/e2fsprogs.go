package mkext4test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Tool gives the path of a program of e2fsprogs. In CI it has to be there.
func Tool(t testing.TB, name string) string {
	t.Helper()
	for _, dir := range append(filepath.SplitList(os.Getenv("PATH")), "/usr/sbin", "/sbin") {
		if p := filepath.Join(dir, name); isFile(p) {
			return p
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed", name)
	}
	t.Skipf("%s is not installed", name)
	return ""
}

func isFile(p string) bool {
	info, err := os.Stat(p)
	return err == nil && info.Mode().IsRegular()
}

// Run runs a program that must succeed and gives its output.
func Run(t testing.TB, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(Tool(t, name), args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC", "DEBUGFS_PAGER=cat", "PAGER=cat")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// Fsck demands a file system without any fault.
func Fsck(t testing.TB, img string) {
	t.Helper()
	out := Run(t, "e2fsck", "-fn", img)
	for _, bad := range []string{"Fix?", "IGNORED", "WARNING"} {
		if strings.Contains(out, bad) {
			t.Fatalf("e2fsck: %s", out)
		}
	}
}
