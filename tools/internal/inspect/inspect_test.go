package inspect_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/inspect"
	"shimboot/tools/internal/testenv"
)

const mib = 1 << 20

// tree makes a directory with one file.
func tree(t *testing.T, name, text string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// image has a signed kernel, an ext2 ROOT-A and a root of shimboot, a squashfs.
func image(t *testing.T) *inspect.Image {
	t.Helper()
	dir := t.TempDir()
	rootA, root := filepath.Join(dir, "root-a"), filepath.Join(dir, "root")
	testenv.Run(t, "mke2fs", "-q", "-t", "ext2", "-d", tree(t, "etc/lsb-release",
		"CHROMEOS_RELEASE_BOARD=test-signed-mp\nCHROMEOS_RELEASE_DESCRIPTION=99.1 (Official)\n"), rootA, "2M")
	testenv.Run(t, "mksquashfs", tree(t, "etc/os-release", "NAME=x\nPRETTY_NAME=\"A System 1\"\n"), root, "-quiet", "-no-progress")
	kernel := testenv.PackArch(t, "arm", testenv.Write(t, "kernel", []byte(strings.Repeat("kernel", 9999))), "kern_guid=%U", "installer_kernel")
	return imageOf(t, map[int]string{1: kernel, 2: rootA, 3: root})
}

// imageOf lays the files of partitions out, 4 MiB each.
func imageOf(t *testing.T, parts map[int]string) *inspect.Image {
	t.Helper()
	const size = 16 * mib
	f, err := os.Create(filepath.Join(t.TempDir(), "image"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if err := f.Truncate(size); err != nil {
		t.Fatal(err)
	}
	table := &gpt.Table{GUID: "00112233-4455-6677-8899-AABBCCDDEEFF"}
	for i, p := range []gpt.Partition{
		{Name: "KERN-A", Type: gpt.TypeKernel, Attributes: gpt.KernelAttributes(10, 5, true)},
		{Name: "ROOT-A", Type: gpt.TypeRootfs},
		{Name: inspect.RootPrefix + "x", Type: gpt.TypeLinuxData},
	} {
		p.Number, p.Start, p.Size = i+1, int64(1+4*i)*mib, 4*mib
		p.GUID = "00112233-4455-6677-8899-AABBCCDDEE0" + string(rune('1'+i))
		table.Partitions = append(table.Partitions, p)
		if _, err := f.WriteAt(testenv.Read(t, parts[i+1]), p.Start); err != nil {
			t.Fatal(err)
		}
	}
	if err := table.Write(f, size); err != nil {
		t.Fatal(err)
	}
	return &inspect.Image{ReaderAt: f, Path: f.Name(), Size: size, Table: table}
}

// failing names the checks that fail.
func failing(t *testing.T, img, shim *inspect.Image) string {
	t.Helper()
	checks, err := inspect.Checks(t.Context(), img, shim)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range checks {
		if c.OK != (len(c.Problems) == 0) || c.OK == (c.Remedy != "") {
			t.Errorf("%+v", c)
		}
		if !c.OK {
			names = append(names, c.Name)
		}
	}
	return strings.Join(names, ", ")
}

func TestChecks(t *testing.T) {
	testenv.Need(t, "vbutil_kernel", "mke2fs", "mksquashfs")
	whole := image(t)
	if bad := failing(t, whole, whole); bad != "" {
		t.Errorf("a good image fails: %s", bad)
	}
	change := func(at int64) *inspect.Image {
		img := image(t)
		b := make([]byte, 1)
		f := img.ReaderAt.(*os.File)
		if _, err := f.ReadAt(b, at); err != nil {
			t.Fatal(err)
		}
		b[0] ^= 1
		if _, err := f.WriteAt(b, at); err != nil {
			t.Fatal(err)
		}
		return img
	}
	for name, c := range map[string]struct {
		img  *inspect.Image
		want string
	}{
		"kernel's body":    {change(1*mib + 70_000), "body signature, shim's kernel"},
		"kernel's magic":   {change(1 * mib), "signed kernel"},
		"primary table":    {change(2*512 + 56), "partition tables"},
		"ROOT-A, no check": {change(5*mib + 2000), ""},
	} {
		if got := failing(t, c.img, whole); got != c.want {
			t.Errorf("%s: %q fails, want %q", name, got, c.want)
		}
	}
}

func TestChecksWithoutAKernel(t *testing.T) {
	testenv.Need(t, "vbutil_kernel", "mke2fs", "mksquashfs")
	img := image(t)
	img.Table.Partitions[0].Attributes = 0
	if got := failing(t, img, nil); got != "kernel" {
		t.Errorf("%q fails, want the kernel", got)
	}
	// Of a shim to compare with it is an error.
	if _, err := inspect.Checks(t.Context(), image(t), img); !badinput.Is(err) || !strings.Contains(err.Error(), img.Path) {
		t.Errorf("%v", err)
	}
}

func TestOrigin(t *testing.T) {
	testenv.Need(t, "vbutil_kernel", "mke2fs", "mksquashfs")
	img := image(t)
	want := inspect.Origin{Board: "test-signed-mp", Version: "99.1 (Official)", System: "A System 1"}
	if got := inspect.OriginOf(img, img.Table); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	empty := testenv.Write(t, "empty", nil)
	img = imageOf(t, map[int]string{1: empty, 2: empty, 3: empty})
	if got := inspect.OriginOf(img, img.Table); got != (inspect.Origin{}) {
		t.Errorf("of nothing: %+v", got)
	}
}
