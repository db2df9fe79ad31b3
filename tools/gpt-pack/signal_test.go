package main

import (
	"bytes"
	"crypto/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/testenv"
)

// TestMain makes the test binary gpt-pack itself, for tests that send signals.
func TestMain(m *testing.M) {
	if os.Getenv("BE_GPT_PACK") == "1" {
		main()
	}
	os.Exit(m.Run())
}

// signalled runs gpt-pack, sends it sig as soon as it has come so far, and
// gives its exit code and stderr.
func signalled(t *testing.T, sig os.Signal, far func() bool, args ...string) (int, string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "BE_GPT_PACK=1")
	return testenv.Signalled(t, cmd, sig, func(int) bool { return far() })
}

// inTime tries until the signal came before the end, which nobody can promise
// on a busy machine.
func inTime(t *testing.T, try func() (int, string)) (code int, stderr string) {
	t.Helper()
	for range 20 {
		if code, stderr = try(); code != 0 {
			return code, stderr
		}
	}
	t.Fatal("the signal was too late every time")
	return
}

func startsWithZero(t *testing.T, file string) bool {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	head := make([]byte, 1)
	_, err = f.ReadAt(head, 0)
	return err == nil && head[0] == 0
}

// large is a spec whose root takes a while to write.
func large(t *testing.T) (dir, spec string) {
	t.Helper()
	dir, s := inputs(t)
	d := make([]byte, 64<<20)
	if _, err := rand.Read(d); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "rootfs/large"), d, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, writeSpec(t, dir, s)
}

func TestSignalsWhileBuilding(t *testing.T) {
	_, spec := large(t)
	for _, sig := range []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		var out string
		code, stderr := inTime(t, func() (int, string) {
			out = t.TempDir()
			begun := func() bool {
				files, err := os.ReadDir(out)
				return err == nil && len(files) > 0
			}
			return signalled(t, sig, begun, "build", "--spec", spec, "--out", filepath.Join(out, "img"))
		})
		if code != command.ExitIO || !strings.Contains(stderr, "interrupted; nothing was written") {
			t.Errorf("%v: exit %d, %q", sig, code, stderr)
		}
		if left, _ := os.ReadDir(out); len(left) > 0 {
			t.Errorf("%v: left behind: %v", sig, left)
		}
	}
}

func TestSignalsWhileFlashing(t *testing.T) {
	dir, spec := large(t)
	img := filepath.Join(dir, "img")
	if code, _, stderr := run(t, "build", "--spec", spec, "--out", img); code != 0 {
		t.Fatal(stderr)
	}
	for _, sig := range []os.Signal{syscall.SIGINT, syscall.SIGTERM} {
		var disk string
		code, stderr := inTime(t, func() (int, string) {
			disk = stick(t, img)
			return signalled(t, sig, func() bool { return startsWithZero(t, disk) }, "flash", img, disk)
		})
		if code != command.ExitIO || !strings.Contains(stderr, disk+": interrupted; the disk has no partition table now") {
			t.Errorf("%v: exit %d, %q", sig, code, stderr)
		}
		d := testenv.Read(t, disk)
		if table, err := gpt.Read(bytes.NewReader(d), int64(len(d))); err == nil {
			t.Errorf("%v: the stick has %v", sig, table)
		}
	}
}

func TestSignalsWhilePutting(t *testing.T) {
	_, img := built(t)
	before := testenv.Read(t, img)
	bin := t.TempDir()
	begun := filepath.Join(bin, "begun")
	script := "#!/bin/sh\necho >" + begun + "\nexec sleep 60\n"
	if err := os.WriteFile(filepath.Join(bin, "mcopy"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	scratch := t.TempDir()
	t.Setenv("TMPDIR", scratch)
	far := func() bool {
		_, err := os.Stat(begun)
		return err == nil
	}
	code, stderr := signalled(t, syscall.SIGINT, far, "put", img, testenv.Write(t, "f", []byte("x")))
	if code != command.ExitIO || !strings.Contains(stderr, "interrupted; nothing was written") {
		t.Errorf("exit %d, %q", code, stderr)
	}
	if !bytes.Equal(testenv.Read(t, img), before) {
		t.Error("the image changed")
	}
	if left, _ := os.ReadDir(scratch); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
