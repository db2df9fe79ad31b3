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
	out, err := Try(t, "sh", "-euc", makeLoop, file)
	if err != nil {
		Missing(t, "a loop device: "+out)
	}
	dev := strings.TrimSpace(out)
	t.Cleanup(func() { Run(t, "losetup", "-d", dev) })
	return dev
}

// makeLoop makes the node too, where it is not there: a container's /dev does
// not follow the kernel's.
const makeLoop = `dev=$(losetup -f)
[ -b "$dev" ] || mknod "$dev" b 7 "${dev#/dev/loop}"
losetup "$dev" "$0"
echo "$dev"`

// allDevices is for where /dev is not the kernel's own.
const allDevices = `[ "$(findmnt -n -o FSTYPE /dev)" = devtmpfs ] || mount -t devtmpfs devtmpfs /dev
`

// Namespace makes a shell script, which can mount what nobody else sees and
// what is gone when it ends. It has all devices, also in a container. Only root
// can run it.
func Namespace(t testing.TB, script string, args ...string) *exec.Cmd {
	t.Helper()
	if out, err := Try(t, "unshare", "--mount", "true"); err != nil {
		Missing(t, "a namespace to mount in: "+out)
	}
	cmd := exec.Command("unshare", append([]string{"--mount", "sh", "-euc", allDevices + script, "sh"}, args...)...)
	cmd.Env = os.Environ()
	return cmd
}
