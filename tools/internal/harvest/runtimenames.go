package harvest

import (
	"maps"
	"path"
	"slices"

	"shimboot/tools/internal/harvest/report"
)

// runtimeName is a driver that asks for names which its firmware= entries do
// not have, or not all of them, since it makes them while it runs.
type runtimeName struct {
	modules string   // pattern of modules, as lsmod has them; built in counts too
	globs   []string // what it may ask for, as Options.Keep
	source  string   // where the kernel (6.1 unless said) makes the name: file: function
	why     string   // the firmware's name is made of, or why it is not said
}

// runtimeNames are those that Chromebooks have. All were read in the source
// that they name; a driver that says all of its names (i915, amdgpu, rtw88,
// mt7921e, …) has no row. Drivers of wireless adapters and sensors without one
// and without firmware= entries need --keep.
func runtimeNames() []runtimeName {
	return append(append(append(wirelessNames(), bluetoothNames()...), soundNames()...), otherNames()...)
}

func wirelessNames() []runtimeName {
	return []runtimeName{
		{"iwlwifi", []string{"iwlwifi-*.pnvm"},
			"drivers/net/wireless/intel/iwlwifi/fw/pnvm.h: iwl_pnvm_get_fs_name", "the .ucode's name without its number"},
		{"ath10k_pci", []string{"ath10k/QCA[69]*/hw*/*board*.bin", "ath10k/QCA[69]*/hw*/firmware-[2-6].bin"},
			"drivers/net/wireless/ath/ath10k/core.c: ath10k_core_get_fw_name, ath10k_core_fetch_board_file", "chip, bus and number of the interface; said for some chips only"},
		{"ath10k_sdio", []string{"ath10k/QCA*/hw*/*board*.bin", "ath10k/QCA*/hw*/firmware-sdio-[2-6].bin"},
			"drivers/net/wireless/ath/ath10k/core.c: ath10k_core_get_fw_name", "chip, bus and number of the interface; none is said"},
		{"ath10k_snoc", []string{"ath10k/WCN3990"},
			"drivers/net/wireless/ath/ath10k/core.c: ath10k_core_get_fw_name", "chip, bus and number of the interface; none is said"},
		{"ath11k_pci", []string{"ath11k/QCA*", "ath11k/QCN*", "ath11k/WCN6855"},
			"drivers/net/wireless/ath/ath11k/core.h: ath11k_core_create_firmware_path", "the chip's directory; said for QCA6390 only"},
		{"ath11k_ahb", []string{"ath11k/IPQ*", "ath11k/WCN6750"},
			"drivers/net/wireless/ath/ath11k/core.h: ath11k_core_create_firmware_path", "the chip's directory; none is said"},
		{"brcmfmac", []string{"brcm/brcmfmac*.txt", "brcm/brcmfmac*.clm_blob", "brcm/brcmfmac*.*.bin"},
			"drivers/net/wireless/broadcom/brcm80211/brcmfmac/firmware.c: brcm_alt_fw_path", "the board's name goes in before the suffix; before 6.1 these are not said"},
		{"rtl8821ae", []string{"rtlwifi/rtl8812aefw*.bin", "rtlwifi/rtl8821aefw_wowlan.bin"},
			"drivers/net/wireless/realtek/rtlwifi/rtl8821ae/sw.c: rtl8821ae_init_sw_vars", "fixed names, not said"},
		{"rtl8723ae", []string{"rtlwifi/rtl8723fw.bin", "rtlwifi/rtl8723fw_B.bin"},
			"drivers/net/wireless/realtek/rtlwifi/rtl8723ae/sw.c: rtl8723e_init_sw_vars", "fixed names; another one is said"},
	}
}

func bluetoothNames() []runtimeName {
	return []runtimeName{
		{"btintel", []string{"intel/ibt-*.sfi", "intel/ibt-*.ddc", "intel/ibt-hw-*.bseq"},
			"drivers/bluetooth/btintel.c: btintel_get_fw_name, btintel_get_fw_name_tlv, btintel_legacy_rom_get_fw", "variant and revision that the chip answers with"},
		{"btqca", []string{"qca/*.tlv", "qca/*.mbn", "qca/*nv*", "qca/rampatch_*.bin"},
			"drivers/bluetooth/btqca.c: qca_uart_setup, qca_get_nvm_name_by_board", "version of the chip's ROM and number of the board"},
		{"btusb", []string{"qca/rampatch_usb_*.bin", "qca/nvm_usb_*.bin"},
			"drivers/bluetooth/btusb.c: btusb_setup_qca_load_rampatch, btusb_generate_qca_nvm_name", "version of the chip's ROM and number of the board"},
		{"btusb", []string{"mediatek/BT_RAM_CODE_MT*_hdr.bin"},
			"drivers/bluetooth/btusb.c: btusb_mtk_setup", "number and version of the chip"},
		{"btmtksdio", []string{"mediatek/BT_RAM_CODE_MT*_hdr.bin"},
			"drivers/bluetooth/btmtksdio.c: btmtksdio_setup", "number and version of the chip"},
		{"btrtl", []string{"rtl_bt/*_config*.bin"},
			"drivers/bluetooth/btrtl.c: btrtl_initialize", "a suffix that the device tree or ACPI gives"},
		{"btbcm", []string{"brcm/*.hcd"},
			"drivers/bluetooth/btbcm.c: btbcm_initialize", "chip, USB numbers and the board's name"},
	}
}

func soundNames() []runtimeName {
	return []runtimeName{
		{"snd_sof_*intel*", []string{"intel/sof*"},
			"sound/soc/sof/intel/pci-tgl.c and its siblings: default_fw_path; hda.c: fixup_tplg_name", "generation, and for the topology amplifiers and microphones that were found"},
		{"snd_sof_pci", []string{"intel/sof*"},
			"sound/soc/sof/sof-pci-dev.c: sof_pci_probe", "as above; before 5.12 the generations are part of this module"},
		{"snd_sof_amd_*", []string{"amd/sof*"},
			"sound/soc/sof/amd/pci-rn.c and its siblings: default_fw_path", "generation and machine"},
		{"snd_sof_mt8*", []string{"mediatek/sof*"},
			"sound/soc/sof/mediatek/mt8195/mt8195.c and its siblings: default_fw_path", "generation and machine"},
		{"snd_soc_skl", []string{"intel/dsp_fw_*.bin", "*-tplg.bin", "dfw_sst.bin"},
			"sound/soc/intel/skylake/skl-nhlt.c: skl_nhlt_update_topology_bin; skl-topology.c: skl_tplg_init", "generation; for the topology, identifiers of the ACPI table"},
		{"snd_soc_avs", []string{"intel/avs*"},
			"sound/soc/intel/avs/loader.c: avs_dsp_load_basefw", "generation and codec"},
		{"snd_soc_catpt", []string{"intel/IntcSST*.bin"},
			"sound/soc/intel/catpt/loader.c: catpt_load_images", "fixed names, not said"},
		{"snd_intel_sst_*", []string{"intel/fw_sst_*.bin"},
			"sound/soc/intel/common/soc-acpi-intel-byt-match.c and its siblings: fw_filename", "generation"},
		{"snd_soc_wm_adsp", []string{"cirrus", "*-dsp[0-9]-*.wmfw", "*-dsp[0-9]-*.bin"},
			"sound/soc/codecs/wm_adsp.c: wm_adsp_request_firmware_file", "chip, core, use, machine and amplifier"},
		{"snd_hda_scodec_cs35l41", []string{"cirrus/cs35l41-*"},
			"sound/pci/hda/cs35l41_hda.c: cs35l41_request_firmware_file", "core, use, machine, speaker and amplifier"},
		{"snd_soc_max98390", []string{"dsm_param*.bin", "dsmparam.bin"},
			"sound/soc/codecs/max98390.c: max98390_dsm_init", "vendor and product by DMI"},
		{"snd_soc_rt5514", []string{"rt5514_dsp_fw[12].bin"},
			"sound/soc/codecs/rt5514.c: rt5514_dsp_voice_wake_up_put", "fixed names, not said"},
		{"snd_soc_rt5677", []string{"rt5677_elf_vad"},
			"sound/soc/codecs/rt5677.c: rt5677_load_dsp_from_file", "a fixed name, not said"},
	}
}

func otherNames() []runtimeName {
	return []runtimeName{
		{"elan_i2c", []string{"elan_i2c_*.bin"},
			"drivers/input/mouse/elan_i2c_core.c: elan_sysfs_update_fw", "number of the product"},
		{"elants_i2c", []string{"elants_i2c_*.bin"},
			"drivers/input/touchscreen/elants_i2c.c: elants_i2c_fw_update", "version of the hardware"},
		{"raydium_i2c_ts", []string{"raydium_*.fw"},
			"drivers/input/touchscreen/raydium_i2c_ts.c: raydium_i2c_fw_update", "version of the hardware"},
		{"atmel_mxt_ts", []string{"maxtouch.fw", "maxtouch.cfg"},
			"drivers/input/touchscreen/atmel_mxt_ts.c: mxt_initialize, mxt_update_fw_store", "fixed names, not said"},
		{"goodix_ts", []string{"goodix_*_cfg.bin", "goodix"},
			"drivers/input/touchscreen/goodix.c: goodix_ts_probe; goodix_fwupload.c: goodix_firmware_upload", "number of the chip, or a property of the device"},
		{"silead", []string{"silead/*.fw"},
			"drivers/input/touchscreen/silead.c: silead_ts_set_default_fw_name", "identifier of the device"},
		{"melfas_mip4", []string{"melfas_mip4*.fw"},
			"drivers/input/touchscreen/melfas_mip4.c: mip4_query_device", "number of the product"},
		{"hideep", []string{"hideep_ts_*.bin"},
			"drivers/input/touchscreen/hideep.c: hideep_update_fw", "number of the product"},
		{"wdt87xx_i2c", []string{"wdt87xx_fw.bin", "wdt87xx_cfg.bin"},
			"drivers/input/touchscreen/wdt87xx_i2c.c: wdt87xx_update_firmware", "fixed names, not said"},
		{"cyapatp", []string{"cyapa.bin"},
			"drivers/input/mouse/cyapa.c: cyapa_firmware", "a fixed name, not said"},
		{"ipu3_imgu", []string{"intel/ipu3-fw.bin", "intel/irci_irci_ecr-master_*.bin"},
			"drivers/staging/media/ipu3/ipu3-css-fw.c: imgu_css_fw_init", "fixed names, not said"},
		{"mtk_scp", []string{"scp.img", "mediatek/*/scp*.img"},
			"drivers/remoteproc/mtk_scp.c: scp_probe; arch/arm64/boot/dts/mediatek/mt8183-kukui.dtsi", "a property of the device tree"},
		{"mtk_vpu", []string{"vpu_[dp].bin", "mediatek/mt8173/vpu_[dp].bin"},
			"drivers/media/platform/mediatek/vpu/mtk_vpu.c: load_requested_vpu", "fixed names, not said"},
		{"venus_core", []string{"qcom/venus-*", "qcom/vpu-*"},
			"drivers/media/platform/qcom/venus/core.c: fwname; firmware.c: venus_load_fw", "the chip, not said; the segments .bNN have names of their own"},
		{"msm", []string{"qcom/a*_zap.*"},
			"drivers/gpu/drm/msm/adreno/adreno_gpu.c: zap_shader_load_mdt", "the chip; said for some only"},
		{"qcom_q6v5_mss", []string{"qcom/*/modem*"},
			"arch/arm64/boot/dts/qcom/sc7180-trogdor-lte-sku.dtsi: remoteproc_mpss", "a property of the device tree"},
	}
}

// runtime gives the rows for the modules that there are.
func (r *requests) runtime() (list []report.RuntimeName) {
	for _, module := range slices.Sorted(maps.Keys(r.present)) {
		for _, row := range runtimeNames() {
			if ok, _ := path.Match(row.modules, module); ok { // a test sees to the patterns
				list = append(list, report.RuntimeName{Module: module, Globs: row.globs, Why: row.why, Source: row.source})
			}
		}
	}
	return list
}
