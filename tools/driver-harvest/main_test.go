package main

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/harvest"
	"shimboot/tools/internal/harvest/report"
	"shimboot/tools/internal/testenv"
)

// board gives the trees of a shim and a recovery image.
func board(t *testing.T) (shim, recovery map[string]string) {
	t.Helper()
	dir := "lib/modules/" + release + "/"
	shim = map[string]string{
		dir + "kernel/drivers/net/wifi.ko": module("name=wifi", "firmware=wifi-1.ucode", "firmware=wifi-2.ucode"),
		dir + "kernel/drivers/touch.ko":    module("name=touch", "firmware=touch.fw", "firmware=lost.bin"),
		dir + "modules.order":              "kernel/drivers/touch.ko\nkernel/drivers/net/wifi.ko\n",
		dir + "modules.builtin":            "kernel/fs/ext4/ext4.ko\n",
		"lib/firmware/wifi-1.ucode":        strings.Repeat("ucode", 100000),
		"lib/firmware/wifi-3.ucode":        "not asked for",
		"lib/firmware/touch.fw ->":         "/opt/google/touch/t.bin",
		"opt/google/touch/t.bin":           "touch",
		"lib/firmware/gone.bin ->":         "/opt/google/gone.bin",
		"lib/modprobe.d/wifi.conf":         "options wifi a=1\n",
	}
	recovery = map[string]string{
		"lib/firmware/wifi-2.ucode": "newer", "lib/firmware/touch.fw": "newer touch", "etc/modprobe.d/x.conf": "options x\n",
	}
	return shim, recovery
}

func TestEndToEnd(t *testing.T) {
	testenv.Need(t, "depmod", "mke2fs", "cgpt")
	t.Setenv("SOURCE_DATE_EPOCH", "1234567890")
	shim, recovery := board(t)
	shimFS := fileSystem(t, shim, "-t", "ext2", "-b", "4096")
	shimDisk := disk(t, shimFS)
	recoveryZip := zipped(t, disk(t, fileSystem(t, recovery, "-t", "ext4", "-b", "1024")))
	work := t.TempDir()
	kernel := filepath.Join(t.TempDir(), "kernel.json")
	put(t, filepath.Dir(kernel), map[string]string{"kernel.json": `{"kernelRelease": "` + release + `", "arch": "x86_64", "vboot": {}}`})

	code, out, errs := tool(context.Background(), "--shim", shimDisk, "--recovery", recoveryZip, "--kernel-json", kernel,
		"--out", filepath.Join(work, "one"), "--json")
	if code != 0 || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	var r report.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if stored, err := os.ReadFile(filepath.Join(work, "one/drivers.json")); err != nil || string(stored) != out {
		t.Errorf("--json is not what drivers.json has: %v", err)
	}
	if len(r.Modules) != 2 || len(r.Firmware) != 3 || len(r.Missing) != 1 || len(r.Dangling) != 1 || len(r.Modprobe) != 2 {
		t.Errorf("got %s", out)
	}
	if data, err := os.ReadFile(filepath.Join(work, "one/lib/firmware/touch.fw")); err != nil || string(data) != "newer touch" {
		t.Errorf("touch.fw: %q, %v", data, err)
	}
	sameFromTrees(t, filepath.Join(work, "one"), shim, recovery)

	// The same without the disk around the shim, and said for people.
	code, out, errs = tool(context.Background(), "--shim", shimFS, "--recovery", recoveryZip, "--out", filepath.Join(work, "two"))
	if code != 0 || !strings.Contains(out, "Missing: 1 name of 1 driver (asked") || !strings.Contains(out, "        1      1  touch (drivers): lost.bin\n") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	if !slices.Equal(tree(t, filepath.Join(work, "one")), tree(t, filepath.Join(work, "two"))) {
		t.Error("the bare file system gives another output than the disk")
	}
	only(t, work, "one", "two")
}

// sameFromTrees harvests the trees that the images were made of.
func sameFromTrees(t *testing.T, dir string, shim, recovery map[string]string) {
	t.Helper()
	var roots []fs.ReadLinkFS
	for _, tree := range []map[string]string{shim, recovery} {
		root := t.TempDir()
		put(t, root, tree)
		roots = append(roots, os.DirFS(root).(fs.ReadLinkFS))
	}
	when, err := command.SourceDateEpoch()
	if err != nil {
		t.Fatal(err)
	}
	want := filepath.Join(t.TempDir(), "want")
	if err := os.Mkdir(want, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := harvest.Run(context.Background(), harvest.Options{Words: words(), Shim: roots[0], Recovery: roots[1], Time: when}, want); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(tree(t, dir), tree(t, want)) {
		t.Error("the image gives another output than the tree it is made of")
	}
}

func TestErrors(t *testing.T) {
	testenv.Need(t, "depmod", "mke2fs", "cgpt")
	shim, _ := board(t)
	files := t.TempDir()
	put(t, files, map[string]string{
		"drivers.json": `{"kernelRelease": "` + release + `", "arch": "x86_64"}`,
		"other.json":   `{"kernelRelease": "4.14.1", "arch": "x86_64", "vboot": {}}`, "text": strings.Repeat("no image ", 9000), "empty": "",
		"erofs": strings.Repeat("\x00", 1024) + "\xe2\xe1\xf5\xe0" + strings.Repeat("\x00", 70000),
	})
	fsys := fileSystem(t, shim, "-t", "ext2", "-b", "4096")
	good, noRoot, cut, broken := disk(t, fsys), disk(t, filepath.Join(files, "erofs")), disk(t, fsys), disk(t, fsys)
	if err := os.Truncate(cut, 12<<20); err != nil {
		t.Fatal(err)
	}
	patch(t, broken, rootOffset+4096, strings.Repeat("\xff", 4096)) // the group descriptors
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no shim":        {nil, 64, "--shim is missing"},
		"argument":       {[]string{"--shim", good, "x"}, 64, `no argument is wanted, but there is "x"`},
		"unknown flag":   {[]string{"--shimm", good}, 64, "there is no option --shimm"},
		"firmware mode":  {[]string{"--shim", good, "--firmware", "some"}, 64, "want needed or all"},
		"bad glob":       {[]string{"--shim", good, "--keep", "[", "--keep", "a"}, 64, `--keep "["`},
		"progress":       {[]string{"--shim", good, "--progress", "some"}, 64, "want auto, always or never"},
		"no such file":   {[]string{"--shim", "/nowhere.bin"}, 1, "/nowhere.bin: no such file"},
		"no disk":        {[]string{"--shim", filepath.Join(files, "text")}, 2, "text: GPT at offset 512"},
		"empty":          {[]string{"--shim", filepath.Join(files, "empty")}, 2, "found 0 bytes"},
		"directory":      {[]string{"--shim", files}, 2, files + " is a directory; name the image file in it"},
		"drivers.json":   {[]string{"--shim", good, "--kernel-json", filepath.Join(files, "drivers.json")}, 2, "drivers.json: this is no kernel.json; kern-unpack extract writes it"},
		"no upstream":    {[]string{"--shim", good, "--linux-firmware", "/nowhere"}, 1, "--linux-firmware: open /nowhere: no such file"},
		"erofs root":     {[]string{"--shim", noRoot}, 2, "partition 3 (ROOT-A): root file system: found erofs, want ext2"},
		"cut off":        {[]string{"--shim", cut}, 2, "cut"},
		"broken":         {[]string{"--shim", broken}, 2, "ext4: "},
		"other release":  {[]string{"--shim", good, "--kernel-json", filepath.Join(files, "other.json")}, 2, "found modules for " + release + ", want 4.14.1"},
		"no kernel.json": {[]string{"--shim", good, "--kernel-json", filepath.Join(files, "text")}, 2, "kernel.json: found"},
		"bad recovery":   {[]string{"--shim", good, "--recovery", filepath.Join(files, "text")}, 2, "text: GPT"},
	} {
		t.Run(name, func(t *testing.T) {
			work := t.TempDir()
			code, out, errs := tool(context.Background(), append([]string{"--out", filepath.Join(work, "out")}, c.args...)...)
			if code != c.code || !strings.Contains(errs, c.want) || strings.Count(errs, "\n") != 1 || out != "" {
				t.Errorf("exit %d, want %d with %q:\n%s%s", code, c.code, c.want, errs, out)
			}
			only(t, work)
		})
	}
}

func TestOutput(t *testing.T) {
	testenv.Need(t, "depmod", "mke2fs")
	shim, _ := board(t)
	image := fileSystem(t, shim, "-t", "ext2")
	work := t.TempDir()
	if code, _, errs := tool(context.Background(), "--shim", image, "--out", work); code != 1 || !strings.Contains(errs, "is there already") {
		t.Errorf("exit %d: %s", code, errs)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	code, _, errs := tool(ctx, "--shim", image, "--out", filepath.Join(work, "out"))
	if code != 1 || !strings.Contains(errs, "interrupted; nothing was written") {
		t.Errorf("exit %d: %s", code, errs)
	}
	only(t, work)
	if code, out, _ := tool(context.Background(), "--help"); code != 0 || !strings.Contains(out, "Example: driver-harvest --shim") {
		t.Errorf("exit %d: %s", code, out)
	}
}

// TestVerbose: -v says every step, on stderr.
func TestVerbose(t *testing.T) {
	testenv.Need(t, "depmod", "mke2fs", "cgpt")
	shim, _ := board(t)
	image := disk(t, fileSystem(t, shim, "-t", "ext2", "-b", "1024"))
	code, out, errs := tool(context.Background(), "-v", "--shim", image, "--out", filepath.Join(t.TempDir(), "out"))
	if code != 0 || !strings.HasPrefix(out, "kernel ") {
		t.Errorf("exit %d: %s", code, out)
	}
	for _, want := range []string{
		"shim: " + image + ", partition 3 (ROOT-A): 9437184 bytes at byte 10485760: 8192 blocks of 1024 bytes, features [",
		"modules of " + release + " in " + image + ", partition 3 (ROOT-A): /lib/modules/" + release + "\n",
		"modules: 2 files written\n", "/depmod -C /dev/null -b ", "firmware: 4 names in ", "firmware: 2 files and 0 links to be written\n",
	} {
		if !strings.Contains(errs, want) {
			t.Errorf("without %q:\n%s", want, errs)
		}
	}
}

// TestHoles: what takes no room in the image takes none in the output.
func TestHoles(t *testing.T) {
	testenv.Need(t, "depmod", "mke2fs")
	content := strings.Repeat("\x00", 3<<20) + "middle" + strings.Repeat("\x00", 3<<20)
	shim, _ := board(t)
	shim["lib/firmware/touch.fw"] = content
	delete(shim, "lib/firmware/touch.fw ->")
	for _, kind := range []string{"ext2", "ext4"} {
		out := filepath.Join(t.TempDir(), "out")
		code, _, errs := tool(context.Background(), "--shim", fileSystem(t, shim, "-t", kind), "--out", out)
		if code != 0 {
			t.Fatalf("exit %d: %s", code, errs)
		}
		name := filepath.Join(out, "lib/firmware/touch.fw")
		var stat unix.Stat_t
		if err := unix.Stat(name, &stat); err != nil {
			t.Fatal(err)
		}
		if used := stat.Blocks * 512; read(t, name) != content || used > 100<<10 {
			t.Errorf("%s: %d bytes with %d on the disk, or other content", kind, stat.Size, used)
		}
	}
}
