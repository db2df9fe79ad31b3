package harvest

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"shimboot/tools/internal/harvest/report"
	"shimboot/tools/internal/testenv"
)

// To write them anew: go test ./tools/internal/harvest -run Golden -update
var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden has drivers.json, drivers.txt and what is printed of it, to the
// byte, for images with some of everything.
func TestGolden(t *testing.T) {
	testenv.Need(t, "depmod")
	shim, recovery := board(t)
	maps.Copy(shim, fw(files{
		"/" + inModules("kernel/drivers/net/wireless/iwlwifi.ko"): blob(module("iwlwifi", "iwlwifi-ty-72.ucode", "iwlwifi-so-64.ucode")),
		"/" + inModules("kernel/drivers/bluetooth/btusb.ko.xz"):   blob(xzed(t, module("btusb"))),
		"/" + inModules("kernel/sound/amp.ko"):                    blob(module("amp", "gpu/linked.bin", "a b.bin", "nowhere.bin", "wifi/c*.bin")),
		"/" + inModules("kernel/net/wifi.ko"):                     blob(module("wifi", "wifi-7.ucode", "wifi-8.ucode", "wifi/cal.bin")),
		"/" + inModules("modules.builtin"):                        file("kernel/gpu/gpu.ko\nkernel/fs/ext4.ko\n"),
		"copy.bin":                                                file("touch hex"),
		"iwlwifi-ty-68.ucode":                                     file("older"),
		"qca/nvm_usb_00000302.bin.zst":                            blob(zst(t, []byte("board"))),
		"updates/wifi-7.ucode":                                    file("an update"),
		"old.fw":                                                  link("wifi-9.ucode"),
	}))
	upstream := fstest.MapFS{
		"wifi/cal.bin.xz": file(""), ".git/wifi": file(""),
		"WHENCE": file("File: x\nLink: gpu/linked.bin -> x\nLink: \"a b.bin\" -> x\n"),
	}
	r, dir := mustHarvest(t, Options{
		Shim: shim, Recovery: recovery, Keep: []string{"copy.bin", "none*"}, Upstream: upstream,
		Words: report.Words{Keep: "--keep", All: "--firmware all", Upstream: "--linux-firmware DIR"},
	})
	golden(t, "drivers.json", string(testenv.Read(t, filepath.Join(dir, "drivers.json"))))
	golden(t, "drivers.txt", string(testenv.Read(t, filepath.Join(dir, "drivers.txt"))))
	golden(t, "screen.txt", r.Text(3))
}

// golden compares with a file of testdata, or makes it that.
func golden(t *testing.T, name, got string) {
	t.Helper()
	name = filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff, err := testenv.Try(t, "diff", "-u", name, testenv.Write(t, "got", []byte(got))); err != nil {
		t.Errorf("%s", diff)
	}
}

// TestSubsystemsAddUp: each file counts once.
func TestSubsystemsAddUp(t *testing.T) {
	testenv.Need(t, "depmod")
	shim, recovery := board(t)
	for _, mode := range []report.Mode{report.Needed, report.All} {
		r, _ := mustHarvest(t, Options{Shim: shim, Recovery: recovery, Firmware: mode, Keep: []string{"unused"}})
		var sum report.Totals
		for _, s := range r.Subsystems {
			sum.Modules += s.Modules
			sum.ModuleBytes += s.ModuleBytes
			sum.Firmware += s.Firmware
			sum.FirmwareBytes += s.FirmwareBytes
		}
		if t2 := r.Totals; sum.Modules != t2.Modules || sum.ModuleBytes != t2.ModuleBytes ||
			sum.Firmware != t2.Firmware || sum.FirmwareBytes != t2.FirmwareBytes {
			t.Errorf("%s: the subsystems have %+v, together there is %+v", mode, sum, r.Totals)
		}
	}
}
