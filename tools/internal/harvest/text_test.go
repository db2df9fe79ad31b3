package harvest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"shimboot/tools/internal/testenv"
)

// TestText has all that the report says to people about a small board.
func TestText(t *testing.T) {
	testenv.Need(t, "depmod")
	shim, recovery := board(t)
	shim["lib/firmware/copy.bin"] = file("shim wifi 7")
	upstream := fstest.MapFS{
		"wifi/cal.bin.xz": file(""), ".git/wifi": file(""),
		"WHENCE": file("File: x\nLink: gpu/linked.bin -> x\nLink: \"a b.bin\" -> x\n"),
	}
	shim[inModules("kernel/sound/amp.ko")] = blob(module("amp", "gpu/linked.bin", "a b.bin", "nowhere.bin", "wifi/c*.bin"))
	r, dir := mustHarvest(t, Options{Shim: shim, Recovery: recovery, Keep: []string{"copy.bin"}, Upstream: upstream})
	text := r.Text(0)
	for _, want := range []string{
		"kernel     Linux 6.1.0-shim, x86_64\n",
		"modules    4 files, ", "; 2 more are built in\n",
		"6 of the shim, 3 of the recovery image\n",
		"  gpu\n", "  sound\n",
		"\nMissing: 5 (asked for and in no image",
		"  a b.bin: in no image (amp); linux-firmware has it\n",
		"  gpu/linked.bin: in no image (amp); linux-firmware has it\n",
		"  nowhere.bin: in no image (amp); nor in linux-firmware\n",
		"  wifi/c*.bin: in no image (amp); linux-firmware has it\n",
		"\nLinks that lead nowhere: 1 (left out)\n  lib/firmware/dangling.bin -> /opt/google/nowhere.bin (shim)\n",
		"\nConflicts: 1 (names with two contents)\n  lib/modprobe.d/wifi.conf: recovery:/lib/modprobe.d/wifi.conf taken, shim:/lib/modprobe.d/wifi.conf not\n",
		"    11 bytes  lib/firmware/copy.bin lib/firmware/wifi-7.ucode\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("without %q:\n%s", want, text)
		}
	}
	stored, err := os.ReadFile(filepath.Join(dir, "drivers.txt"))
	if err != nil || string(stored) != text {
		t.Errorf("drivers.txt is another text (%v)", err)
	}
	if short := r.Text(1); !strings.Contains(short, "  and 4 more, all in drivers.txt\n") {
		t.Errorf("not cut short:\n%s", short)
	}
}

// TestTextIsPlain: a name in an image cannot steer the terminal.
func TestTextIsPlain(t *testing.T) {
	r := newReport(Options{})
	r.Dangling = append(r.Dangling, Dangling{"lib/firmware/\x1b[2J\n", Shim, "\u202e"})
	if text := r.Text(0); strings.ContainsAny(text, "\x1b\u202e") || strings.Contains(text, "[2J\n\n") {
		t.Errorf("got %q", text)
	}
}

// TestSubsystemsAddUp: each file counts once.
func TestSubsystemsAddUp(t *testing.T) {
	testenv.Need(t, "depmod")
	shim, recovery := board(t)
	for _, mode := range []Mode{Needed, All} {
		r, _ := mustHarvest(t, Options{Shim: shim, Recovery: recovery, Firmware: mode, Keep: []string{"unused"}})
		var sum Totals
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
