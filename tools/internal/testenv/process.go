package testenv

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"
)

// Signalled starts a program, sends it sig as soon as far says that it has
// come so far, and gives its exit code and stderr.
func Signalled(t testing.TB, cmd *exec.Cmd, sig os.Signal, far func(pid int) bool) (code int, stderr string) {
	t.Helper()
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for ended := false; !ended && !far(cmd.Process.Pid); {
		select {
		case err := <-done:
			done <- err
			ended = true
		case <-time.After(time.Millisecond):
		}
	}
	if err := cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := <-done; err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), errs.String()
}

// Tmpfs is a file system of a size such as "1M", which only root can make.
func Tmpfs(t testing.TB, size string) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := Try(t, "mount", "-t", "tmpfs", "-o", "size="+size, "tmpfs", dir); err != nil {
		Missing(t, "the right to mount a tmpfs ("+out+")")
	}
	t.Cleanup(func() { Run(t, "umount", dir) })
	return dir
}
