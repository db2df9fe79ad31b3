package testenv

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Loop makes a loop device of a file, which only root can.
func Loop(t testing.TB, file string) string {
	t.Helper()
	out, err := Try(t, "losetup", "--show", "-f", file)
	if err != nil {
		Missing(t, "a loop device: "+out)
	}
	dev := strings.TrimSpace(out)
	t.Cleanup(func() { Run(t, "losetup", "-d", dev) })
	return dev
}

// Namespace makes a shell script, which can mount what nobody else sees and
// what is gone when it ends. Only root can run it.
func Namespace(t testing.TB, script string, args ...string) *exec.Cmd {
	t.Helper()
	if out, err := Try(t, "unshare", "--mount", "true"); err != nil {
		Missing(t, "a namespace to mount in: "+out)
	}
	cmd := exec.Command("unshare", append([]string{"--mount", "sh", "-euc", script, "sh"}, args...)...)
	cmd.Env = os.Environ()
	return cmd
}
