package harvest

import (
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shimboot/tools/internal/harvest/report"
	"shimboot/tools/internal/testenv"
)

// TestRuntimeTable: no row can be written so that it does nothing.
func TestRuntimeTable(t *testing.T) {
	for _, row := range runtimeNames() {
		if _, err := path.Match(row.modules, "x"); err != nil || row.modules != report.ModuleName(row.modules+".ko") {
			t.Errorf("%q is no name of a module as lsmod has it (%v)", row.modules, err)
		}
		for _, glob := range row.globs {
			if err := CheckGlob(glob); err != nil {
				t.Errorf("%s: %q: %v", row.modules, glob, err)
			}
		}
		file, function, ok := strings.Cut(row.source, ": ")
		if len(row.globs) == 0 || row.why == "" || !ok || function == "" || !strings.Contains(file, "/") {
			t.Errorf("%s: it does not say what, why and where: %+v", row.modules, row)
		}
	}
}

// TestRuntimeNames has firmware that no firmware= entry names: it is kept for
// the drivers that there are, as modules or built in, and for no other.
func TestRuntimeNames(t *testing.T) {
	testenv.Need(t, "depmod")
	firmware := files{}
	for _, name := range []string{
		"intel/ibt-18-16-1.sfi", "intel/ibt-18-16-1.ddc", "intel/dsp_fw_kbl.bin", "intel/sof/sof-tgl.ri",
		"intel/sof-tplg/sof-tgl-rt5682.tplg", "qca/rampatch_usb_00000302.bin", "elants_i2c_3a3b.bin", "elan_i2c_45.0.bin",
		"dsm_param_Google_Voema.bin", "iwlwifi-ty-a0-gf-a0.pnvm", "mediatek/mt8183/scp.img", "brcm/BCM4356A2.hcd",
		"qcom/venus-5.4/venus.mdt", "qcom/venus-5.4/venus.b00",
	} {
		firmware[name] = file(name)
	}
	shim := fw(firmware)
	shim[inModules("a/btintel.ko")] = blob(module("btintel"))
	shim[inModules("a/snd-sof-pci-intel-tgl.ko")] = blob(module("snd_sof_pci_intel_tgl"))
	shim[inModules("a/elants_i2c.ko")] = blob(module("elants_i2c"))
	shim[inModules("modules.builtin")] = file("kernel/drivers/media/platform/qcom/venus/venus-core.ko\n")
	r, dir := mustHarvest(t, Options{Shim: shim})
	wantList(t, "firmware", shape(t, filepath.Join(dir, report.FirmwareDir)), []string{
		"elants_i2c_3a3b.bin", "intel/ibt-18-16-1.ddc", "intel/ibt-18-16-1.sfi", "intel/sof/sof-tgl.ri",
		"intel/sof-tplg/sof-tgl-rt5682.tplg", "qcom/venus-5.4/venus.b00", "qcom/venus-5.4/venus.mdt",
	})
	because := map[string]bool{}
	for _, f := range r.Firmware {
		for _, why := range f.BecauseOf {
			because[why.String()] = true
		}
	}
	wantList(t, "reasons", slices.Sorted(maps.Keys(because)), []string{
		"run time: btintel", "run time: elants_i2c", "run time: snd_sof_pci_intel_tgl", "run time: venus_core",
	})
	for _, row := range r.RuntimeNames {
		if row.Files != map[string]int{"btintel": 2, "elants_i2c": 1, "snd_sof_pci_intel_tgl": 2, "venus_core": 2}[row.Module] {
			t.Errorf("counted wrongly: %+v", row)
		}
	}
	if len(r.Missing) != 0 || len(r.RuntimeNames) != 4 {
		t.Errorf("missing %+v, at run time %+v", r.Missing, r.RuntimeNames)
	}
}

// TestFallback: iwlwifi takes the next lower number of a file that is nowhere.
func TestFallback(t *testing.T) {
	testenv.Need(t, "depmod")
	shim := fw(files{
		"iwlwifi-ty-72.ucode": file("72"), "iwlwifi-ty-68.ucode": file("68"), "iwlwifi-ty-9.ucode": file("9"),
		"iwlwifi-so-64.ucode": file("so"), "other-3.ucode": file("3"), "iwlwifi-up-80.ucode": file("80"),
	})
	shim[inModules("iwlwifi.ko")] = blob(module("iwlwifi",
		"iwlwifi-ty-71.ucode", "iwlwifi-so-64.ucode", "iwlwifi-up-77.ucode", "other-4.ucode", "iwlwifi-99999999999999999999.ucode"))
	r, dir := mustHarvest(t, Options{Shim: shim})
	wantList(t, "firmware", shape(t, filepath.Join(dir, report.FirmwareDir)), []string{"iwlwifi-so-64.ucode", "iwlwifi-ty-68.ucode"})
	instead := map[string]string{}
	for _, m := range r.Missing {
		instead[m.Name] = m.Instead
	}
	want := map[string]string{
		"iwlwifi-ty-71.ucode": "iwlwifi-ty-68.ucode", "iwlwifi-up-77.ucode": "", "other-4.ucode": "",
		"iwlwifi-99999999999999999999.ucode": "",
	}
	if !maps.Equal(instead, want) {
		t.Errorf("got %q, want %q", instead, want)
	}
}

// TestSplitImage: who asks for the header gets the segments.
func TestSplitImage(t *testing.T) {
	testenv.Need(t, "depmod")
	shim := fw(files{
		"qcom/a/x.mdt": file("m"), "qcom/a/x.b00": file("0"), "qcom/a/x.b02": link("../b/x.b02"), "qcom/b/x.b02": file("2"),
		"qcom/a/y.b00": file("y"), "qcom/a/x.bin": file("no segment"),
	})
	shim[inModules("m.ko")] = blob(module("m", "qcom/a/x.mdt"))
	_, dir := mustHarvest(t, Options{Shim: shim})
	wantList(t, "firmware", contents(t, dir), []string{
		"qcom/a/x.b00=0", "qcom/a/x.b02 -> ../b/x.b02", "qcom/a/x.mdt=m", "qcom/b/x.b02=2",
	})
}
