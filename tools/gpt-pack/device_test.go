package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"shimboot/tools/internal/testenv"
)

// A disk in place of an image file is read as one, with the size it has.
func TestImageOnADevice(t *testing.T) {
	dir, img := built(t)
	dev := testenv.Loop(t, img)
	for _, args := range [][]string{{"show"}, {"verify"}, {"ls"}, {"get", "--out", filepath.Join(dir, "got")}} {
		args := append(args, dev)
		if args[0] == "get" {
			args = append(args, "dev_image/etc/lsb-factory")
		}
		if code, _, stderr := run(t, args...); code != 0 {
			t.Errorf("%q: exit %d, %s", args, code, stderr)
		}
	}
	stick := filepath.Join(dir, "stick")
	if err := os.WriteFile(stick, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(stick, 200<<20); err != nil {
		t.Fatal(err)
	}
	for _, more := range [][]string{nil, {"--check"}} {
		if code, _, stderr := run(t, append(append([]string{"flash"}, more...), dev, stick)...); code != 0 {
			t.Errorf("flash %q: exit %d, %s", more, code, stderr)
		}
	}
	if code, _, stderr := run(t, "verify", stick); code != 0 {
		t.Errorf("the stick: exit %d, %s", code, stderr)
	}
}

// The same of what an image is made of: a kernel, and an archive behind whose
// end the device goes on.
func TestBuildFromDevices(t *testing.T) {
	dir, spec := inputs(t)
	want := filepath.Join(dir, "want")
	if code, _, stderr := run(t, "build", "--spec", writeSpec(t, dir, spec), "--out", want); code != 0 {
		t.Fatal(stderr)
	}
	for _, name := range []string{"kernel.bin", "root-a.cpio"} {
		file := filepath.Join(dir, name)
		d := testenv.Read(t, file)
		if err := os.WriteFile(file+".disk", append(d, make([]byte, -len(d)&4095)...), 0o600); err != nil {
			t.Fatal(err)
		}
		dev := testenv.Loop(t, file+".disk")
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(dev, file); err != nil {
			t.Fatal(err)
		}
	}
	img := filepath.Join(dir, "img")
	if code, _, stderr := run(t, "build", "--spec", writeSpec(t, dir, spec), "--out", img); code != 0 {
		t.Fatal(stderr)
	}
	if !bytes.Equal(testenv.Read(t, img), testenv.Read(t, want)) {
		t.Error("the image is another than that of the files")
	}
}
