package testenv

import (
	"syscall"
	"testing"
)

// Umask sets the umask of all that runs in this process, until the test ends.
func Umask(t testing.TB, mask int) {
	t.Helper()
	old := syscall.Umask(mask)
	t.Cleanup(func() { syscall.Umask(old) })
}
