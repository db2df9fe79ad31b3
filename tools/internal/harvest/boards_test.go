package harvest

import (
	"path/filepath"
	"slices"
	"testing"

	"shimboot/tools/internal/harvest/report"
	"shimboot/tools/internal/testenv"
)

// TestBoardFirmware: what the graphics, wireless and Bluetooth of Chromebooks
// ask for is kept, in whichever directory it is. Who prunes by directories
// loses it: amdgpu, i915, mrvl, qca, qcom and rtl_bt are the ones that go.
func TestBoardFirmware(t *testing.T) {
	testenv.Need(t, "depmod", "modinfo")
	asked := map[string][]string{
		"amdgpu":       {"amdgpu/raven_gpu_info.bin", "amdgpu/picasso_sdma.bin", "amdgpu/renoir_dmcub.bin"},
		"iwlwifi":      {"iwlwifi-QuZ-a0-hr-b0-59.ucode", "iwlwifi-so-a0-gf-a0-72.ucode"},
		"mwifiex_pcie": {"mrvl/pcie8997_wlan_v4.bin"},
		"mt7921e":      {"mediatek/WIFI_RAM_CODE_MT7961_1.bin", "mediatek/WIFI_MT7961_patch_mcu_1_2_hdr.bin"},
		"rtw88_8822ce": {"rtw88/rtw8822c_fw.bin", "rtw88/rtw8822c_wow_fw.bin"},
		"btrtl":        {"rtl_bt/rtl8822cu_fw.bin", "rtl_bt/rtl8822cu_config.bin"},
		"btqca":        {"qca/crbtfw32.tlv", "qca/crnv32.bin"},
		"btusb":        {"qca/rampatch_usb_00000302.bin", "mediatek/BT_RAM_CODE_MT7961_1_2_hdr.bin"},
		"btintel":      {"intel/ibt-19-0-4.sfi", "intel/ibt-19-0-4.ddc"},
		"msm":          {"qcom/a630_gmu.bin", "qcom/a630_sqe.fw"},
	}
	runtime := []string{"btqca", "btusb", "btintel"} // say none of these names
	firmware, want := files{}, []string{"i915/tgl_dmc_ver2_12.bin", "i915/tgl_huc.bin"}
	for _, names := range asked {
		want = append(want, names...)
	}
	for _, name := range append(want, "i915/skl_guc.bin", "vendor/unused.bin") {
		firmware[name] = file(name)
	}
	shim := fw(firmware)
	for name, names := range asked {
		if slices.Contains(runtime, name) {
			names = nil
		}
		shim[inModules("kernel/drivers/"+name+".ko.gz")] = blob(gz(module(name, names...)))
	}
	// On Chromebooks the graphics of Intel are often part of the kernel.
	shim[inModules("modules.builtin")] = file("kernel/drivers/gpu/drm/i915/i915.ko\n")
	shim[inModules("modules.builtin.modinfo")] = file("i915.firmware=" + want[0] + "\x00i915.firmware=" + want[1] + "\x00")
	shim["etc/modprobe.d/alsa.conf"] = file("options snd slots=a\n")
	r, dir := mustHarvest(t, Options{Shim: shim})
	slices.Sort(want)
	wantList(t, "firmware", shape(t, filepath.Join(dir, report.FirmwareDir)), want)
	if len(r.Missing) != 0 || r.Totals.Dropped != 2 {
		t.Errorf("missing %+v, dropped %+v", r.Missing, r.Dropped)
	}
	// One tree has all that modprobe needs: plain modules, indexes, options.
	for name := range asked {
		found := lines(t, "modinfo", "-b", dir, "-k", release, "-F", "filename", name)
		wantList(t, name, found, []string{filepath.Join(dir, inModules("kernel/drivers/"+name+".ko"))})
	}
	wantFile(t, filepath.Join(dir, modprobeDir, "alsa.conf"), "options snd slots=a\n")
}
