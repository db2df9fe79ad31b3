package harvest

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/testenv"
)

// TestModinfoOracle compares names and firmware with modinfo's.
func TestModinfoOracle(t *testing.T) {
	testenv.Need(t, "depmod", "modinfo")
	plain := module("plain_one", "a.bin", "b/c.bin", "a.bin")
	old := testenv.Module("vermagic="+release+" SMP", "firmware=old=1.bin", "parm=x:firmware=no.bin")
	fsys := fstest.MapFS{
		inModules("kernel/plain-one.ko"):  blob(plain),
		inModules("kernel/gz.ko.gz"):      blob(gz(module("gz", "gz.bin"))),
		inModules("kernel/xz.ko.xz"):      blob(xzed(t, module("xz", "xz.bin"))),
		inModules("kernel/z/zst.ko.zst"):  blob(zst(t, module("zst"))),
		inModules("kernel/no-name.ko"):    blob(old),
		inModules("kernel/linked.ko"):     link("no-name.ko"),
		inModules("kernel/dangling.ko"):   link("nowhere.ko"),
		inModules("kernel/vdso/vdso.so"):  file("not a module"),
		inModules("kernel/plain-one.ko~"): file("not a module"),
	}
	r, dir := mustHarvest(t, Options{Shim: fsys})
	wantList(t, "modules", modulePaths(r), []string{
		"kernel/gz.ko", "kernel/linked.ko", "kernel/no-name.ko", "kernel/plain-one.ko", "kernel/xz.ko", "kernel/z/zst.ko",
	})
	for _, m := range r.Modules {
		path := filepath.Join(dir, m.Path)
		wantList(t, m.Path, m.Firmware, lines(t, "modinfo", "-F", "firmware", path))
		if name := lines(t, "modinfo", "-F", "name", path); len(name) == 1 && name[0] != m.Name {
			t.Errorf("%s: name %q, want %q", m.Path, m.Name, name[0])
		}
	}
	wantFile(t, filepath.Join(dir, inModules("kernel/plain-one.ko")), string(plain))
	if len(r.Skipped) != 3 {
		t.Errorf("skipped: %+v", r.Skipped)
	}
}

func lines(t *testing.T, program string, args ...string) []string {
	t.Helper()
	return strings.Fields(testenv.Run(t, program, args...))
}

// TestPlainBeforePacked has a module twice.
func TestPlainBeforePacked(t *testing.T) {
	testenv.Need(t, "depmod")
	fsys := fstest.MapFS{
		inModules("a.ko"):      blob(module("plain")),
		inModules("a.ko-b.ko"): blob(module("other")),
		inModules("a.ko.gz"):   blob(gz(module("packed"))),
	}
	r, _ := mustHarvest(t, Options{Shim: fsys})
	if len(r.Modules) != 2 || r.Modules[0].Name != "plain" || len(r.Conflicts) != 1 {
		t.Errorf("got %+v, %+v", r.Modules, r.Conflicts)
	}
}

// TestUsrMerged has /lib as a link, as newer images do.
func TestUsrMerged(t *testing.T) {
	testenv.Need(t, "depmod")
	shim, _ := board(t)
	merged := fstest.MapFS{"lib": link("usr/lib")}
	for name, f := range shim {
		if strings.HasPrefix(name, "lib/") {
			name = "usr/" + name
		}
		merged[name] = f
	}
	want, _ := mustHarvest(t, Options{Shim: shim})
	got, _ := mustHarvest(t, Options{Shim: merged})
	// A relative link now starts a level deeper.
	merged["usr/lib/firmware/touch.hex"] = link("../../../opt/google/touch/touch.hex")
	got2, _ := mustHarvest(t, Options{Shim: merged})
	if len(got.Firmware) != len(want.Firmware)-1 || got2.Totals != want.Totals {
		t.Errorf("got %+v and %+v, want %+v", got.Totals, got2.Totals, want.Totals)
	}
}

func TestNoModules(t *testing.T) {
	testenv.Need(t, "depmod")
	r, _ := mustHarvest(t, Options{Shim: fstest.MapFS{inModules("modules.builtin"): file("kernel/a.ko\n")}})
	if len(r.Modules) != 0 || len(r.BuiltIn) != 1 {
		t.Errorf("got %+v", r)
	}
}

func TestBadModules(t *testing.T) {
	testenv.Need(t, "depmod")
	good := module("good")
	arm := slices.Clone(good)
	arm[elfMachineOffset] = 183
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  string
	}{
		"no modules":  {fstest.MapFS{"lib/x": file("")}, "shim: /lib/modules: found none"},
		"a file":      {fstest.MapFS{"lib/modules": file("")}, "shim: /lib/modules: found none"},
		"no release":  {fstest.MapFS{"lib/modules/x": file("")}, "found modules for nothing, want " + release},
		"mismatch":    {fstest.MapFS{"lib/modules/5.4.1/a": file(""), "lib/modules/5.4.2/a": file("")}, "found modules for 5.4.1, 5.4.2, want " + release},
		"no ELF":      {mod("a.ko", []byte("text")), `shim: /lib/modules/6.1.0-shim/a.ko: module at offset 0: found bytes "text", want an ELF object`},
		"empty":       {mod("a.ko", nil), "found an empty file"},
		"gzip inside": {mod("a.ko", gz(good)), "found gzip data, want an ELF object"},
		"no gzip":     {mod("a.ko.gz", good), "a.ko.gz: gzip stream"},
		"cut gzip":    {mod("a.ko.gz", gz(good)[:100]), "a.ko.gz: gzip stream: unexpected EOF"},
		"cut xz":      {mod("a.ko.xz", xzed(t, good)[:100]), "a.ko.xz: xz stream"},
		"cut zstd":    {mod("a.ko.zst", zst(t, good)[:100]), "a.ko.zst: zstd stream"},
		"cut ELF":     {mod("a.ko", good[:200]), "a.ko: module: found an ELF header with errors"},
		"other arch":  {mod("a.ko", arm), "a.ko: module at offset 18: found code for aarch64, want x86_64"},
		"other kernel": {
			mod("a.ko", testenv.Module("vermagic=4.14.0 SMP")),
			`found vermagic "4.14.0 SMP", want one for ` + release,
		},
		"no vermagic": {mod("a.ko", testenv.Module("license=GPL")), "found no vermagic"},
		"too many":    {mod("a.ko", module("m", make([]string, 5000)...)), "section .modinfo at offset 64: found 5000 names of firmware, want at most 4096"},
		"no modinfo":  {mod("a.ko", []byte(program(t))), "without a section .modinfo"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := harvestTo(t, Options{Shim: c.files, Kernel: Kernel{release, "x86_64"}})
			if err == nil || !strings.Contains(err.Error(), c.want) || !badinput.Is(err) {
				t.Errorf("got %v, want bad input with %q", err, c.want)
			}
		})
	}
}

func mod(name string, data []byte) fstest.MapFS { return fstest.MapFS{inModules(name): blob(data)} }

// program is an ELF file that is no module: this test.
func program(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestTwoReleases(t *testing.T) {
	testenv.Need(t, "depmod")
	shim, _ := board(t)
	shim["lib/modules/4.4.0/x"] = file("")
	_, _, err := harvestTo(t, Options{Shim: shim})
	var releases *ReleasesError
	if !errors.As(err, &releases) || !badinput.Is(err) || !strings.Contains(err.Error(), "found modules for 4.4.0, 6.1.0-shim, want one release") {
		t.Errorf("got %v", err)
	}
	mustHarvest(t, Options{Shim: shim, Kernel: Kernel{Release: release}})
}

// TestFirstError wants the same error, whichever worker is first.
func TestFirstError(t *testing.T) {
	testenv.Need(t, "depmod")
	fsys := fstest.MapFS{}
	good := module("good")
	for _, n := range []string{"a", "b", "c", "d"} {
		fsys[inModules(n+".ko")] = blob(good)
	}
	for _, n := range []string{"e", "f", "g", "h"} {
		fsys[inModules(n+".ko")] = file(n)
	}
	for range 20 {
		if _, _, err := harvestTo(t, Options{Shim: maps.Clone(fsys)}); !strings.Contains(err.Error(), "/e.ko") {
			t.Fatalf("got %v", err)
		}
	}
}

// TestDepmod has one that is missing, and one that sees no modules.
func TestDepmod(t *testing.T) {
	shim, _ := board(t)
	bin := t.TempDir()
	t.Setenv("PATH", bin)
	_, _, err := harvestTo(t, Options{Shim: shim})
	if err == nil || badinput.Is(err) || !strings.Contains(err.Error(), "depmod: not found in PATH") {
		t.Errorf("missing: got %v", err)
	}
	script := "#!/bin/sh\n: > \"$4/lib/modules/$5/modules.dep\"\n"
	if err := os.WriteFile(filepath.Join(bin, "depmod"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	_, _, err = harvestTo(t, Options{Shim: shim})
	if err == nil || badinput.Is(err) || !strings.Contains(err.Error(), "modules.dep is empty, with 3 modules there") {
		t.Errorf("blind: got %v", err)
	}
}

func TestReadKernel(t *testing.T) {
	for text, want := range map[string]string{
		`{"kernelRelease": "5.4.85-1", "arch": "aarch64", "vboot": {}, "x": 1}`: "",
		`{"kernelRelease": "5.4.85-1", "arch": "x86_64"}`:                       "no kernel.json; kern-unpack extract writes it",
		`{"kernelRelease": "../x", "arch": "x86_64", "vboot": {}}`:              `found kernelRelease "../x"`,
		`{"arch": "x86_64", "vboot": {}}`:                                       `found kernelRelease ""`,
		`{"kernelRelease": "5.4", "arch": "sparc", "vboot": {}}`:                `found arch "sparc"`,
		`{`: "unexpected EOF",
	} {
		_, err := ReadKernel(strings.NewReader(text))
		if (err == nil) != (want == "") || err != nil && (!badinput.Is(err) || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

func FuzzModinfo(f *testing.F) {
	f.Add(module("seed", "a.bin"))
	f.Add([]byte("\x7fELF"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := readModinfo(strings.NewReader(string(data)), int64(len(data)))
		if err != nil && !badinput.Is(err) {
			t.Errorf("not blamed on the input: %v", err)
		}
	})
}
