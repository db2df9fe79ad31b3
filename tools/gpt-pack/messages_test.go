package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/testenv"
)

// What a build leaves in the Nix store is not changed, though root could.
func TestReadOnlyFilesStay(t *testing.T) {
	_, img := built(t)
	if err := os.Chmod(img, 0o444); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "result")
	if err := os.Symlink(img, link); err != nil {
		t.Fatal(err)
	}
	before := testenv.Read(t, img)
	_, other := built(t)
	for _, args := range [][]string{{"put", link, testenv.Write(t, "wifi", nil)}, {"flash", other, link}} {
		code, _, stderr := run(t, args...)
		if code != command.ExitInput || !strings.Contains(stderr, "result: found a file that is read-only") ||
			!strings.Contains(stderr, "chmod u+w") {
			t.Errorf("%s: exit %d, %s", args[0], code, stderr)
		}
	}
	if !bytes.Equal(testenv.Read(t, img), before) {
		t.Error("the image changed")
	}
}

// A directory, such as the result of a build, is no image by itself.
func TestDirectoriesAreNoImages(t *testing.T) {
	_, img := built(t)
	dir := t.TempDir()
	for name, args := range map[string][]string{
		"show": {"show", dir}, "verify": {"verify", dir}, "--shim": {"verify", "--shim", dir, img}, "ls": {"ls", dir},
		"put": {"put", dir, img}, "get": {"get", dir, "x"}, "flash": {"flash", dir, img},
		"build": {"build", "--spec", dir, "--dry-run"},
	} {
		code, _, stderr := run(t, args...)
		if code != command.ExitInput || !strings.HasPrefix(stderr, "gpt-pack: "+dir+": found a directory, want a") ||
			!strings.HasSuffix(stderr, " file in it\n") {
			t.Errorf("%s: exit %d, %s", name, code, stderr)
		}
	}
}

// Flash takes a zstd file; who looks into the image needs it unpacked.
func TestPackedImagesAreNamed(t *testing.T) {
	_, img := built(t)
	packed := testenv.Write(t, "img.zst", []byte(testenv.Run(t, "zstd", "-q", "-c", img)))
	for _, args := range [][]string{{"show", packed}, {"verify", packed}, {"ls", packed}, {"put", packed, img}} {
		code, _, stderr := run(t, args...)
		if code != command.ExitInput || !strings.Contains(stderr, "unpack it first (unzstd)") {
			t.Errorf("%s: exit %d, %s", args[0], code, stderr)
		}
	}
}

// Nothing is promised of an image that is not of shimboot.
func TestFlashOfAPlainShim(t *testing.T) {
	_, img := built(t)
	testenv.Run(t, "cgpt", "add", "-i", "4", "-l", "ROOT-B", img)
	code, stdout, stderr := run(t, "flash", img, stick(t, img))
	if code != 0 || !strings.Contains(stdout, "no image of shimboot, as it has no partition shimboot_rootfs:NAME") {
		t.Errorf("exit %d, %s\n%s", code, stderr, stdout)
	}
	for _, word := range []string{"boot menu", "the board"} {
		if strings.Contains(stdout, word) {
			t.Errorf("%q in\n%s", word, stdout)
		}
	}
}

func TestCommandLinesThatLackSomething(t *testing.T) {
	dir, img := built(t)
	spec := filepath.Join(dir, "spec.json")
	for name, test := range map[string]struct {
		args         []string
		want, refuse string
	}{
		"flash":      {[]string{"flash"}, "gpt-pack flash IMAGE DEVICE", "arguments"},
		"put":        {[]string{"put", img, "=name"}, `FILE or FILE=NAME, not "=name"`, "stat"},
		"--max-size": {[]string{"build", "--dry-run", "--spec", spec, "--max-size", "foo"}, `found "foo", want a number`, "content"},
	} {
		code, _, stderr := run(t, test.args...)
		if code != command.ExitUsage || !strings.Contains(stderr, test.want) || strings.Contains(stderr, test.refuse) {
			t.Errorf("%s: exit %d, %s", name, code, stderr)
		}
	}
	if _, stdout, _ := run(t, "flash"); !strings.Contains(stdout, "No stick") && !strings.Contains(stdout, "DEVICE") {
		t.Errorf("flash lists no sticks: %q", stdout)
	}
}
