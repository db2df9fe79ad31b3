package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/testenv"
)

// TestMain makes the test binary driver-harvest itself, for signals.
func TestMain(m *testing.M) {
	if os.Getenv("BE_DRIVER_HARVEST") == "1" {
		main()
	}
	os.Exit(m.Run())
}

func process(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "BE_DRIVER_HARVEST=1")
	return cmd
}

// longZip is a zip of a disk that takes a while to inflate, though it is
// nothing but holes.
func longZip(t *testing.T) string {
	t.Helper()
	disk := filepath.Join(t.TempDir(), "recovery.bin")
	f, err := os.Create(disk)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(512 << 20); err != nil {
		t.Fatal(err)
	}
	return zipped(t, disk)
}

// inflates tells that a process has a file without a name below dir.
func inflates(pid int, dir string) bool {
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	return slices.ContainsFunc(files, func(f string) bool {
		target, err := os.Readlink(f)
		return err == nil && strings.HasPrefix(target, dir) && strings.HasSuffix(target, " (deleted)")
	})
}

// TestSignalsWhileInflating: what is inflated has no name, so that not even
// SIGKILL leaves it behind.
func TestSignalsWhileInflating(t *testing.T) {
	testenv.Need(t, "depmod", "mke2fs")
	shim, _ := board(t)
	image, recovery := fileSystem(t, shim, "-t", "ext2"), longZip(t)
	for _, sig := range []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL} {
		work := t.TempDir()
		cmd := process("--shim", image, "--recovery", recovery, "--out", filepath.Join(work, "out"))
		code, stderr := testenv.Signalled(t, cmd, sig, func(pid int) bool { return inflates(pid, work) })
		killed := sig == syscall.SIGKILL && code == -1
		if !killed && (code != command.ExitIO || !strings.HasSuffix(stderr, "driver-harvest: interrupted; nothing was written\n")) {
			t.Errorf("%v: exit %d: %q", sig, code, stderr)
		}
		only(t, work)
	}
}

// TestProgress: what takes long has a bar. The zip holds no disk after all.
func TestProgress(t *testing.T) {
	testenv.Need(t, "depmod", "mke2fs")
	shim, _ := board(t)
	work := t.TempDir()
	out, err := process("--shim", fileSystem(t, shim, "-t", "ext2"), "--recovery", longZip(t), "--progress", "always",
		"--out", filepath.Join(work, "out")).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "inflating recovery 100%") || !strings.Contains(string(out), "found none that can be read") {
		t.Errorf("%v: %q", err, out)
	}
	only(t, work)
}

// TestSignalsWhileHarvesting comes while depmod, a child, is at work.
func TestSignalsWhileHarvesting(t *testing.T) {
	testenv.Need(t, "mke2fs")
	shim, _ := board(t)
	image := fileSystem(t, shim, "-t", "ext2")
	bin := t.TempDir()
	begun := filepath.Join(bin, "begun")
	if err := os.WriteFile(filepath.Join(bin, "depmod"), []byte("#!/bin/sh\n: >"+begun+"\nexec sleep 60\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	for _, sig := range []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		work := t.TempDir()
		code, stderr := testenv.Signalled(t, process("--shim", image, "--out", filepath.Join(work, "out")), sig, func(int) bool {
			return os.Remove(begun) == nil
		})
		if code != command.ExitIO || stderr != "driver-harvest: interrupted; nothing was written\n" {
			t.Errorf("%v: exit %d: %q", sig, code, stderr)
		}
		only(t, work)
	}
}

// TestFullDisk has disks of many sizes, so that each step finds one full.
func TestFullDisk(t *testing.T) {
	testenv.Need(t, "depmod", "mke2fs", "cgpt")
	shim, recovery := board(t)
	image := fileSystem(t, shim, "-t", "ext2")
	raw := disk(t, fileSystem(t, recovery, "-t", "ext4"))
	reference := filepath.Join(t.TempDir(), "out")
	if code, _, errs := tool(context.Background(), "--shim", image, "--recovery", raw, "--out", reference); code != 0 {
		t.Fatal(errs)
	}
	// on gives the error of a run with so many KiB of disk, "" where it is enough.
	on := func(size int, recovery string) string {
		full := testenv.Tmpfs(t, fmt.Sprintf("%dK", size))
		out := filepath.Join(full, "out")
		code, stdout, errs := tool(context.Background(), "--shim", image, "--recovery", recovery, "--out", out)
		if code == 0 {
			if !slices.Equal(tree(t, out), tree(t, reference)) {
				t.Errorf("%d KiB: another output than with room", size)
			}
			return ""
		}
		noSpace := strings.Contains(strings.ToLower(errs), "no space left on device") // depmod has a capital
		if code != command.ExitIO || strings.Count(errs, "\n") != 1 || stdout != "" || !noSpace {
			t.Fatalf("%d KiB: exit %d: %s%s", size, code, stdout, errs)
		}
		only(t, full)
		return errs
	}
	zip := zipped(t, raw)
	all := on(16, zip)
	for size := 4; size < 4096; size += 4 + size/8 {
		errs := on(size, raw)
		if all += errs; errs == "" {
			break
		}
	}
	for _, step := range []string{"inflating " + zip, ".ko: write ", "depmod: "} {
		if !strings.Contains(all, step) {
			t.Errorf("never full at %q: %s", step, all)
		}
	}
}
