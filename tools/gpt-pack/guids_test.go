package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/testenv"
)

// guids are what sgdisk and cgpt say of a disk and its partitions.
func guids(t *testing.T, disk string) (list []string) {
	t.Helper()
	for line := range strings.Lines(testenv.Run(t, "sgdisk", "-p", disk)) {
		if id, ok := strings.CutPrefix(line, "Disk identifier (GUID): "); ok {
			list = append(list, strings.TrimSpace(id))
		}
	}
	for _, n := range []string{"1", "2", "3", "4"} {
		list = append(list, strings.TrimSpace(testenv.Run(t, "cgpt", "show", "-i", n, "-u", disk)))
	}
	return list
}

// types are all that a table says but GUIDs and size.
func types(t *testing.T, disk string) (all string) {
	t.Helper()
	for _, n := range []string{"1", "2", "3", "4"} {
		for _, flag := range []string{"-t", "-l", "-A", "-b", "-s"} {
			all += testenv.Run(t, "cgpt", "show", "-i", n, flag, disk)
		}
	}
	return all
}

// A device gets GUIDs of its own, a file those of the image, and --guids says
// otherwise.
func TestGUIDsOfSticksAndFiles(t *testing.T) {
	_, img := built(t)
	image := guids(t, img)
	seen := slices.Clone(image)
	for _, test := range []struct {
		flags  []string
		device bool
		own    bool
	}{
		{nil, true, true}, {nil, true, true}, {nil, false, false},
		{[]string{"--guids=image"}, true, false}, {[]string{"--guids=own"}, false, true},
	} {
		file := stick(t, img)
		target := file
		if test.device {
			target = testenv.Loop(t, file)
		}
		code, stdout, stderr := run(t, slices.Concat([]string{"flash", "--force", target}, test.flags, []string{img, target})...)
		if code != 0 {
			t.Fatal(stderr)
		}
		if test.own {
			checkFlashed(t, file)
		}
		got := guids(t, file)
		if !test.own && !slices.Equal(got, image) {
			t.Errorf("%q, a device: %t: %q, want the image's %q", test.flags, test.device, got, image)
		}
		for _, id := range got {
			if test.own && slices.Contains(seen, id) {
				t.Errorf("%q, a device: %t: %s is there twice", test.flags, test.device, id)
			}
		}
		if test.own != strings.Contains(stdout, "GUIDs of its own, unlike any other stick of this image: disk "+got[0]) {
			t.Errorf("%q, a device: %t: %s", test.flags, test.device, stdout)
		}
		if a, b := types(t, img), types(t, file); a != b {
			t.Errorf("%q: types, names, attributes or places were\n%s, are\n%s", test.flags, a, b)
		}
		seen = append(seen, got...)
	}
	if code, _, stderr := run(t, "flash", "--guids=mine", img, stick(t, img)); code != command.ExitUsage {
		t.Errorf("--guids=mine: exit %d, %s", code, stderr)
	}
}

// Two sticks have nothing but the GUIDs that tell them apart, and the same
// image leaves the same file.
func TestFilesStayReproducible(t *testing.T) {
	_, img := built(t)
	one, two := stick(t, img), stick(t, img)
	for _, disk := range []string{one, two} {
		if code, _, stderr := run(t, "flash", img, disk); code != 0 {
			t.Fatal(stderr)
		}
	}
	if !bytes.Equal(testenv.Read(t, one), testenv.Read(t, two)) {
		t.Error("two files of one image differ")
	}
}

// An image that names its own GUID is told of.
func TestImageThatNamesItsGUID(t *testing.T) {
	dir, spec := inputs(t)
	_, first := built(t) // its GUIDs follow from the seed
	root := guids(t, first)[4]
	file := filepath.Join(dir, "rootfs/etc/fstab")
	if err := os.WriteFile(file, []byte("PARTUUID="+strings.ToLower(root)+" / ext4 defaults 0 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	img := filepath.Join(dir, "img")
	if code, _, stderr := run(t, "build", "--spec", writeSpec(t, dir, spec), "--out", img); code != 0 {
		t.Fatal(stderr)
	}
	_, _, stderr := run(t, "flash", "--guids=own", img, stick(t, img))
	if want := "names its GUID " + root + ", in partition 4 (shimboot_rootfs:test) at byte "; !strings.Contains(stderr, want) || !strings.Contains(stderr, "--guids=image") {
		t.Errorf("%s, want %q", stderr, want)
	}
	if _, _, stderr := run(t, "flash", img, stick(t, img)); strings.Contains(stderr, "names its GUID") {
		t.Error(stderr)
	}
}
