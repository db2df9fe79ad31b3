package harvest

import (
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shimboot/tools/internal/harvest/report"
	"shimboot/tools/internal/testenv"
)

// runtimeExamples are names that drivers of the table ask for, as
// linux-firmware and ChromeOS have them, and a module of each row.
func runtimeExamples() map[string]string {
	return map[string]string{
		"iwlwifi":    "iwlwifi-ty-a0-gf-a0.pnvm",
		"ath10k_pci": "ath10k/QCA6174/hw3.0/board-2.bin ath10k/QCA6174/hw3.0/firmware-6.bin ath10k/QCA9377/hw1.0/board.bin",
		"ath10k_sdio": "ath10k/QCA9377/hw1.0/board-2.bin ath10k/QCA9377/hw1.0/firmware-sdio-5.bin " +
			"ath10k/QCA6174/hw3.0/firmware-sdio-6.bin",
		"ath10k_snoc": "ath10k/WCN3990/hw1.0/board-2.bin ath10k/WCN3990/hw1.0/firmware-5.bin ath10k/WCN3990/hw1.0/wlanmdsp.mbn",
		"ath11k_pci":  "ath11k/QCA6390/hw2.0/amss.bin ath11k/QCN9074/hw1.0/m3.bin ath11k/WCN6855/hw2.0/board-2.bin",
		"ath11k_ahb":  "ath11k/IPQ8074/hw2.0/q6_fw.mdt ath11k/IPQ8074/hw2.0/q6_fw.b00 ath11k/WCN6750/hw1.0/board-2.bin",
		"brcmfmac": "brcm/brcmfmac4354-sdio.google,veyron-mickey.txt brcm/brcmfmac4356-pcie.clm_blob " +
			"brcm/brcmfmac43430-sdio.AP6212.bin",
		"rtl8821ae":              "rtlwifi/rtl8812aefw.bin rtlwifi/rtl8812aefw_wowlan.bin rtlwifi/rtl8821aefw_wowlan.bin",
		"rtl8723ae":              "rtlwifi/rtl8723fw.bin rtlwifi/rtl8723fw_B.bin",
		"btintel":                "intel/ibt-18-16-1.sfi intel/ibt-18-16-1.ddc intel/ibt-hw-37.8.10-fw-1.10.3.11.e.bseq",
		"btqca":                  "qca/crbtfw32.tlv qca/msbtfw11.mbn qca/crnv32.bin qca/crnv32u.b8c qca/rampatch_00130300.bin",
		"btusb":                  "qca/rampatch_usb_00000302.bin qca/nvm_usb_00000302.bin mediatek/BT_RAM_CODE_MT7922_1_1_hdr.bin",
		"btmtksdio":              "mediatek/BT_RAM_CODE_MT7961_1_2_hdr.bin",
		"btrtl":                  "rtl_bt/rtl8822cs_config.bin rtl_bt/rtl8723bs_config-OBDA8723.bin",
		"btbcm":                  "brcm/BCM4356A2.hcd",
		"snd_sof_pci_intel_tgl":  "intel/sof/sof-tgl.ri intel/sof-tplg/sof-tgl-rt5682.tplg intel/sof/community/sof-tgl.ri",
		"snd_sof_pci":            "intel/sof/sof-apl.ri",
		"snd_sof_amd_renoir":     "amd/sof/sof-rn.ri amd/sof-tplg/sof-rn-rt5682-max98360.tplg",
		"snd_sof_mt8195":         "mediatek/sof/sof-mt8195.ri mediatek/sof-tplg/sof-mt8195-mt6359-rt1019-rt5682.tplg",
		"snd_soc_skl":            "intel/dsp_fw_kbl.bin 9d71-GOOGLE-EVEMAX-0-tplg.bin dfw_sst.bin",
		"snd_soc_avs":            "intel/avs/skl/dsp_basefw.bin intel/avs/rt286-tplg.bin",
		"snd_soc_catpt":          "intel/IntcSST1.bin intel/IntcSST2.bin",
		"snd_intel_sst_acpi":     "intel/fw_sst_0f28.bin intel/fw_sst_22a8.bin",
		"snd_soc_wm_adsp":        "cirrus/cs35l41-dsp1-spk-prot.wmfw cs35l41-dsp1-spk-prot.wmfw cs35l41-dsp1-spk-prot.bin",
		"snd_hda_scodec_cs35l41": "cirrus/cs35l41-dsp1-spk-cali-103c89c3.wmfw",
		"snd_soc_max98390":       "dsm_param_Google_Voema.bin dsmparam.bin",
		"snd_soc_rt5514":         "rt5514_dsp_fw1.bin rt5514_dsp_fw2.bin",
		"snd_soc_rt5677":         "rt5677_elf_vad",
		"elan_i2c":               "elan_i2c_45.0.bin",
		"elants_i2c":             "elants_i2c_3a3b.bin",
		"raydium_i2c_ts":         "raydium_0x35c5.fw",
		"atmel_mxt_ts":           "maxtouch.fw maxtouch.cfg",
		"goodix_ts":              "goodix_911_cfg.bin goodix/gt9886_fw.bin",
		"silead":                 "silead/mssl1680.fw",
		"melfas_mip4":            "melfas_mip4.fw melfas_mip4_1234.fw",
		"hideep":                 "hideep_ts_0a12.bin",
		"wdt87xx_i2c":            "wdt87xx_fw.bin wdt87xx_cfg.bin",
		"cyapatp":                "cyapa.bin",
		"ipu3_imgu":              "intel/ipu3-fw.bin intel/irci_irci_ecr-master_20161208_0213_20170112_1500.bin",
		"mtk_scp":                "scp.img mediatek/mt8183/scp.img mediatek/mt8192/scp_c0.img",
		"mtk_vpu":                "vpu_d.bin vpu_p.bin mediatek/mt8173/vpu_d.bin mediatek/mt8173/vpu_p.bin",
		"venus_core":             "qcom/venus-5.4/venus.mdt qcom/venus-5.4/venus.b00 qcom/vpu-2.0/venus.mbn",
		"msm":                    "qcom/a630_zap.mdt qcom/a630_zap.b02",
		"qcom_q6v5_mss":          "qcom/sc7180-trogdor/modem/mba.mbn qcom/sc7180-trogdor/modem-nolte/qdsp6sw.mbn",
	}
}

// TestRuntimeRows: each row keeps what its driver asks for and nothing else of
// what there is, and no pattern of a row is idle.
func TestRuntimeRows(t *testing.T) {
	testenv.Need(t, "depmod")
	examples := runtimeExamples()
	all := files{}
	for _, names := range examples {
		for name := range strings.FieldsSeq(names) {
			all[name] = file(name)
		}
	}
	tried := map[string]bool{}
	for module, names := range examples {
		want := strings.Fields(names)
		shim := fw(all)
		shim[inModules("modules.builtin")] = file("kernel/" + module + ".ko\n")
		r, dir := mustHarvest(t, Options{Shim: shim})
		kept := shape(t, filepath.Join(dir, report.FirmwareDir))
		for _, name := range want {
			if !slices.Contains(kept, name) {
				t.Errorf("%s: %s is dropped", module, name)
			}
		}
		var globs []string
		for _, row := range r.RuntimeNames {
			globs = append(globs, row.Globs...)
		}
		for _, glob := range globs {
			tried[glob] = true
			if !slices.ContainsFunc(want, func(name string) bool { return under(glob, name) }) {
				t.Errorf("%s: no example for %s", module, glob)
			}
		}
		for _, name := range kept {
			isSegment := strings.Contains(name, ".b0") // a companion
			if !isSegment && !slices.ContainsFunc(globs, func(glob string) bool { return under(glob, name) }) {
				t.Errorf("%s: %s is kept", module, name)
			}
		}
	}
	for _, row := range runtimeNames() {
		for _, glob := range row.globs {
			if !tried[glob] {
				t.Errorf("no example for the row %s", row.modules)
			}
		}
	}
}

// under tells whether a pattern matches a name or a directory that it is in.
func under(glob, name string) bool {
	for ; name != "."; name = path.Dir(name) {
		if matchGlob(glob, name) {
			return true
		}
	}
	return false
}
