package fit_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/fit"
	"shimboot/tools/internal/testenv"
)

func parse(d []byte) (*fit.FIT, error) { return fit.Parse(bytes.NewReader(d), int64(len(d)), 0) }

// boards is a FIT as ChromeOS has it, with what is rarer put in as well.
const boards = `
images {
  kernel-1 { data = /incbin/("k1"); type = "kernel_noload"; arch = "arm64"; os = "linux"; compression = "lz4"; load = <0x80000>; entry = <0x1 0x80000>; };
  kernel-2 { data = /incbin/("k2"); type = "kernel"; arch = "arm64"; os = "linux"; compression = "none"; };
  fdt-1 { data = /incbin/("a.dtb"); type = "flat_dt"; arch = "arm64"; compression = "none"; hash-1 { algo = "sha1"; }; };
  fdt-2 { data = /incbin/("b.dtb.lz4"); type = "flat_dt"; arch = "arm64"; compression = "lz4"; };
  overlay-1 { data = /incbin/("a.dtb"); type = "flat_dt"; arch = "arm64"; compression = "none"; };
  ramdisk-1 { data = /incbin/("k2"); type = "ramdisk"; arch = "arm64"; os = "linux"; compression = "none"; };
};
configurations {
  default = "conf-2";
  conf-1 { description = "first"; kernel = "kernel-1"; fdt = "fdt-1", "overlay-1"; ramdisk = "ramdisk-1"; };
  conf-2 { kernel = "kernel-2"; fdt = "fdt-2"; };
  conf-3 { kernel = "kernel-1"; fdt = "fdt-1"; compatible = "google,own", "google,second"; };
  conf-4 { kernel = "kernel-9"; fdt = "fdt-9"; };
};`

func boardsFIT(t testing.TB, args ...string) string {
	t.Helper()
	b := testenv.BoardTree(t, "google,b")
	return testenv.FIT(t, boards, map[string][]byte{
		"k1": testenv.Compressed(t, "lz4 -q -c", bytes.Repeat([]byte("first kernel "), 999)),
		"k2": bytes.Repeat([]byte("second kernel "), 777), "a.dtb": testenv.BoardTree(t, "google,a-rev1", "google,a"),
		"b.dtb.lz4": testenv.Compressed(t, "lz4 -q -c", b),
	}, args...)
}

// fdtget gives a property as a list of words, or nil.
func fdtget(t *testing.T, file string, args ...string) []string {
	t.Helper()
	out, err := testenv.Try(t, "fdtget", append([]string{file}, args...)...)
	if err != nil {
		return nil
	}
	return strings.Fields(out)
}

// stored is an image as dumpimage takes it out.
func stored(t *testing.T, file string, number int) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "image")
	testenv.Run(t, "dumpimage", "-T", "flat_dt", "-p", fmt.Sprint(number), "-o", out, file)
	return testenv.Read(t, out)
}

// Everything that is found is what fdtget and dumpimage find, wherever mkimage
// puts the data.
func TestAgreesWithFdtgetAndDumpimage(t *testing.T) {
	for name, args := range map[string][]string{
		"inside":    nil,
		"external":  {"-E"},
		"aligned":   {"-E", "-B", "0x1000"},
		"placed":    {"-E", "-p", "0x8000"},
		"with room": {"-D", "-I dts -O dtb -p 2048"},
	} {
		t.Run(name, func(t *testing.T) {
			file := boardsFIT(t, args...)
			d := testenv.Read(t, file)
			// More behind it, as in a kernel partition.
			f, err := parse(append(bytes.Clone(d), make([]byte, 5000)...))
			if err != nil {
				t.Fatal(err)
			}
			if pad := int64(len(d)) - f.Size; pad < 0 || len(bytes.Trim(d[f.Size:], "\x00")) > 0 {
				t.Errorf("%d bytes, want the %d of the file", f.Size, len(d))
			}
			compareImages(t, file, f)
			compareConfigurations(t, file, f)
		})
	}
}

func compareImages(t *testing.T, file string, f *fit.FIT) {
	t.Helper()
	var names []string
	for i, m := range f.Images {
		names = append(names, m.Name)
		got := make([]byte, m.Size)
		if _, err := m.Data().ReadAt(got, 0); err != nil {
			t.Fatal(err)
		}
		if want := stored(t, file, i); !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes differ from dumpimage's %d", m.Name, len(got), len(want))
		}
		for property, got := range map[string]string{"type": m.Type, "arch": m.Arch, "os": m.OS, "compression": string(m.Compression)} {
			if want := strings.Join(fdtget(t, file, "/images/"+m.Name, property), " "); got != want {
				t.Errorf("%s: %s %q, want %q", m.Name, property, got, want)
			}
		}
	}
	if want := fdtget(t, file, "-l", "/images"); !slices.Equal(names, want) {
		t.Errorf("images %q, want %q", names, want)
	}
}

func compareConfigurations(t *testing.T, file string, f *fit.FIT) {
	t.Helper()
	var names []string
	for _, c := range f.Configurations {
		names = append(names, c.Name)
		for property, got := range map[string][]string{"kernel": {c.Kernel}, "fdt": c.FDT, "ramdisk": strings.Fields(c.Ramdisk)} {
			if want := fdtget(t, file, "/configurations/"+c.Name, property); !slices.Equal(got, want) {
				t.Errorf("%s: %s %q, want %q", c.Name, property, got, want)
			}
		}
	}
	if want := fdtget(t, file, "-l", "/configurations"); !slices.Equal(names, want) {
		t.Errorf("configurations %q, want %q", names, want)
	}
	if want := fdtget(t, file, "/configurations", "default"); f.Default != strings.Join(want, "") {
		t.Errorf("default %q, want %q", f.Default, want)
	}
}

func TestBoards(t *testing.T) {
	f, err := parse(testenv.Read(t, boardsFIT(t)))
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"google,a-rev1", "google,a"}, {"google,b"}, {"google,own", "google,second"}, nil}
	for i, c := range f.Configurations {
		if !slices.Equal(c.Compatible, want[i]) {
			t.Errorf("%s is for %q, want %q", c.Name, c.Compatible, want[i])
		}
	}
	c, err := f.Choose()
	if err != nil || c.Name != "conf-2" {
		t.Errorf("%+v %v, want the default, conf-2", c, err)
	}
	k := f.Image("kernel-1")
	if k.Load != 0x80000 || k.Entry != 1<<32+0x80000 {
		t.Errorf("load 0x%x, entry 0x%x", k.Load, k.Entry)
	}
	if got, err := k.ReadAll(1 << 20); err != nil || string(got) != strings.Repeat("first kernel ", 999) {
		t.Errorf("%q, %v", got, err)
	}
	for _, name := range []string{"kernel-1", "kernel-2"} {
		var large *compress.LimitError
		if _, err := f.Image(name).ReadAll(100); !badinput.Is(err) || !errors.As(err, &large) {
			t.Errorf("%s: %v, want too large", name, err)
		}
	}
}

// A FIT of a real ChromeOS kernel, for 17 boards.
func TestChromeOSKernel(t *testing.T) {
	file := testenv.VbootData(t, "vmlinuz-arm.bin")
	f, err := parse(testenv.Read(t, file))
	if err != nil {
		t.Fatal(err)
	}
	compareImages(t, file, f)
	compareConfigurations(t, file, f)
	for i, m := range f.Images[1:] {
		dtb := testenv.Write(t, "dtb", stored(t, file, i+1))
		if got, want := f.Configurations[i].Compatible, fdtget(t, dtb, "/", "compatible"); !slices.Equal(got, want) || len(got) == 0 {
			t.Errorf("%s: %q, want %q", m.Name, got, want)
		}
	}
	if f.Size != int64(len(testenv.Read(t, file))) {
		t.Errorf("%d bytes, want those of the file", f.Size)
	}
}

func TestChoice(t *testing.T) {
	const images = `images {
		a { data = "A"; compression = "none"; }; b { data = "B"; compression = "none"; }; };`
	for name, test := range map[string]struct{ configurations, want string }{
		"default":            {`default = "y"; x { kernel = "a"; }; y { kernel = "b"; };`, "y"},
		"one kernel":         {`x { kernel = "a"; }; y { kernel = "a"; };`, "x"},
		"two kernels":        {`x { kernel = "a"; }; y { kernel = "b"; };`, "found configurations with different kernels"},
		"unusable default":   {`default = "y"; x { kernel = "a"; }; y { kernel = "c"; };`, "x"},
		"no usable one":      {`x { kernel = "c"; }; y { };`, "found no configuration whose kernel"},
		"board is missing":   {`default = "y"; x { kernel = "a"; }; y { kernel = "b"; fdt = "c"; };`, "x"},
		"default is missing": {`default = "z"; x { kernel = "a"; }; y { kernel = "b"; };`, "no usable default"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := parse(tree(t, images+"configurations { "+test.configurations+" };"))
			if err != nil {
				t.Fatal(err)
			}
			c, err := f.Choose()
			if err != nil && !strings.Contains(err.Error(), test.want) || err == nil && c.Name != test.want {
				t.Errorf("%+v %v, want %q", c, err, test.want)
			}
		})
	}
}

// An error of the disk is not the input's fault.
func TestFailingDisk(t *testing.T) {
	d := testenv.Read(t, boardsFIT(t))
	for _, good := range []int{0, 39, 100, int(binary.BigEndian.Uint32(d[12:]))} {
		_, err := fit.Parse(disk(d[:good]), int64(len(d)), 0)
		if err == nil || badinput.Is(err) {
			t.Errorf("after %d bytes: %v", good, err)
		}
	}
}

// disk fails behind its bytes.
type disk []byte

func (d disk) ReadAt(p []byte, off int64) (int, error) {
	if off >= int64(len(d)) {
		return 0, os.ErrDeadlineExceeded
	}
	n := copy(p, d[off:])
	if n < len(p) {
		return n, os.ErrDeadlineExceeded
	}
	return n, nil
}
