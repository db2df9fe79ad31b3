package harvest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"shimboot/tools/internal/harvest/report"
	"shimboot/tools/internal/testenv"
)

// board is a shim and a recovery image with some of everything.
func board(t testing.TB) (shim, recovery fstest.MapFS) {
	t.Helper()
	shim = fstest.MapFS{
		inModules("kernel/net/wifi.ko.gz"):   blob(gz(module("wifi", "wifi-7.ucode", "wifi-8.ucode", "wifi/cal.bin"))),
		inModules("kernel/input/touch.ko"):   blob(module("touch", "touch.fw", "touch.hex")),
		inModules("kernel/net/cfg80211.ko"):  blob(module("cfg80211")),
		inModules("modules.order"):           file("kernel/net/wifi.ko.gz\nkernel/input/touch.ko\n"),
		inModules("modules.builtin"):         file("kernel/gpu/gpu.ko\nkernel/fs/ext4.ko\n"),
		inModules("modules.builtin.modinfo"): file("gpu.license=GPL\x00gpu.firmware=gpu/dmc.bin\x00ext4.license=GPL\x00"),
		inModules("modules.dep"):             file("stale\n"),
		inModules("build"):                   link("/home/chrome/src"),
		"lib/firmware/wifi-7.ucode":          file("shim wifi 7"),
		"lib/firmware/wifi-8.ucode":          file("shim wifi 8"),
		"lib/firmware/wifi-9.ucode":          file("shim wifi 9"),
		"lib/firmware/touch.fw":              link("/opt/google/touch/touch_1.bin"),
		"lib/firmware/touch.hex":             link("../../opt/google/touch/touch.hex"),
		"lib/firmware/regulatory.db":         file("regdb"),
		"lib/firmware/regulatory.db.p7s":     file("signature"),
		"lib/firmware/dangling.bin":          link("/opt/google/nowhere.bin"),
		"opt/google/touch/touch_1.bin":       file("touch content"),
		"opt/google/touch/touch.hex":         file("touch hex"),
		"lib/modprobe.d/wifi.conf":           file("options wifi a=1\n"),
		"etc/modprobe.d/blacklist.conf":      file("blacklist evbug\n"),
	}
	recovery = fstest.MapFS{
		"lib/firmware/wifi-8.ucode":       file("recovery wifi 8"),
		"lib/firmware/gpu/dmc_1.bin":      file("dmc 1"),
		"lib/firmware/gpu/dmc.bin":        link("dmc_1.bin"),
		"lib/firmware/unused/extra.bin":   file("extra"),
		"lib/modprobe.d/wifi.conf":        file("options wifi a=2\n"),
		"etc/modprobe.d/touch.conf":       file("options touch b=1\n"),
		"etc/modprobe.d/README":           file("not read by modprobe"),
		"lib/modules/6.6.0-other/x/no.ko": file("not looked at"),
	}
	return shim, recovery
}

func TestNeeded(t *testing.T) {
	testenv.Need(t, "depmod")
	shim, recovery := board(t)
	r, dir := mustHarvest(t, Options{Shim: shim, Recovery: recovery, Kernel: Kernel{release, "x86_64"}})
	wantList(t, "firmware", shape(t, filepath.Join(dir, report.FirmwareDir)), []string{
		"gpu/dmc.bin -> dmc_1.bin", "gpu/dmc_1.bin", "regulatory.db", "regulatory.db.p7s",
		"touch.fw", "touch.hex", "wifi-7.ucode", "wifi-8.ucode",
	})
	wantFile(t, filepath.Join(dir, report.FirmwareDir, "wifi-8.ucode"), "recovery wifi 8")
	wantFile(t, filepath.Join(dir, report.FirmwareDir, "touch.fw"), "touch content")
	wantFile(t, filepath.Join(dir, modprobeDir, "wifi.conf"), "options wifi a=2\n")
	wantList(t, "modprobe.d", shape(t, filepath.Join(dir, modprobeDir)), []string{"blacklist.conf", "touch.conf", "wifi.conf"})
	wantList(t, "modules", modulePaths(r), []string{"kernel/input/touch.ko", "kernel/net/cfg80211.ko", "kernel/net/wifi.ko"})
	wantFile(t, filepath.Join(dir, inModules("modules.order")),
		"kernel/net/wifi.ko\nkernel/input/touch.ko\nkernel/net/cfg80211.ko\n")
	wantFile(t, filepath.Join(dir, inModules("modules.dep")),
		"kernel/net/wifi.ko:\nkernel/input/touch.ko:\nkernel/net/cfg80211.ko:\n")
	if len(r.Missing) != 1 || r.Missing[0].Name != "wifi/cal.bin" || r.Missing[0].AskedBy[0].String() != "wifi" {
		t.Errorf("missing: %+v", r.Missing)
	}
	if len(r.Dangling) != 1 || r.Dangling[0] != (report.Dangling{Path: "lib/firmware/dangling.bin", Origin: report.Shim, Target: "/opt/google/nowhere.bin"}) {
		t.Errorf("dangling: %+v", r.Dangling)
	}
	if len(r.Conflicts) != 1 || r.Conflicts[0].Kept.Origin != report.Recovery || r.Conflicts[0].Path != "lib/modprobe.d/wifi.conf" {
		t.Errorf("conflicts: %+v", r.Conflicts)
	}
	wantList(t, "built in", r.BuiltIn, []string{"kernel/fs/ext4.ko", "kernel/gpu/gpu.ko"})
	if !r.BuiltInFirmwareKnown {
		t.Error("there is a modules.builtin.modinfo, but it is not known what built-in drivers ask for")
	}
	checkFirmware(t, r)
	checkReportMatches(t, r, dir)
}

func modulePaths(r *report.Report) (list []string) {
	for _, m := range r.Modules {
		list = append(list, strings.TrimPrefix(m.Path, inModules("")))
	}
	return list
}

// checkFirmware looks at some entries of TestNeeded's report.
func checkFirmware(t *testing.T, r *report.Report) {
	t.Helper()
	by := map[string]report.Firmware{}
	for _, f := range r.Firmware {
		by[strings.TrimPrefix(f.Path, "lib/firmware/")] = f
	}
	for name, want := range map[string]string{
		"touch.fw":          "shim /opt/google/touch/touch_1.bin /opt/google/touch/touch_1.bin touch",
		"gpu/dmc.bin":       "recovery /lib/firmware/gpu/dmc.bin  gpu",
		"gpu/dmc_1.bin":     "recovery /lib/firmware/gpu/dmc_1.bin  gpu",
		"regulatory.db":     "shim /lib/firmware/regulatory.db  cfg80211",
		"regulatory.db.p7s": "shim /lib/firmware/regulatory.db.p7s  companion of regulatory.db",
	} {
		f := by[name]
		got := strings.Join([]string{string(f.Origin), f.Source, f.ReplacedLink, strings.Trim(fmt.Sprint(f.BecauseOf), "[]")}, " ")
		if got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	var dropped []string
	for _, d := range r.Dropped {
		dropped = append(dropped, strings.TrimPrefix(d.Path, "lib/firmware/")+" "+string(d.Origin)+" "+d.Reason)
	}
	wantList(t, "dropped", dropped, []string{
		"unused/extra.bin recovery not asked for", "wifi-8.ucode shim recovery has its own", "wifi-9.ucode shim not asked for",
	})
}

// checkReportMatches compares drivers.json with what is on the disk.
func checkReportMatches(t *testing.T, r *report.Report, dir string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "drivers.json"))
	if err != nil {
		t.Fatal(err)
	}
	var stored report.Report
	if err := json.Unmarshal(data, &stored); err != nil {
		t.Fatal(err)
	}
	if stored.Totals != r.Totals || len(stored.Firmware) != len(r.Firmware) {
		t.Errorf("drivers.json differs from the report: %+v, %+v", stored.Totals, r.Totals)
	}
	files := slices.Clone(r.Modprobe)
	for _, m := range r.Modules {
		files = append(files, m.File)
	}
	for _, f := range r.Firmware {
		if f.Target == "" {
			files = append(files, f.File)
		}
	}
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(dir, f.Path))
		if err != nil {
			t.Error(err)
		} else if hashOf(data) != f.SHA256 || int64(len(data)) != f.Size {
			t.Errorf("%s: size or sha256 differ from the report's", f.Path)
		}
	}
	if strings.Contains(string(data), "null") {
		t.Error("drivers.json has a null")
	}
}

// TestSameBytes runs under two umasks, numbers of CPUs and orders.
func TestSameBytes(t *testing.T) {
	testenv.Need(t, "depmod")
	shim, recovery := board(t)
	var want []string
	for i, mask := range []int{0o022, 0o077, 0o000} {
		old := syscall.Umask(mask)
		procs := runtime.GOMAXPROCS(1 + i)
		_, dir := mustHarvest(t, Options{Shim: maps.Clone(shim), Recovery: recovery, Firmware: report.All, Time: time.Unix(1e9, 0)})
		runtime.GOMAXPROCS(procs)
		syscall.Umask(old)
		os.Chmod(dir, 0o755)
		got := listOf(t, dir)
		if want == nil {
			want = got
		}
		wantList(t, "listing", got, want)
	}
	for _, line := range want {
		fields := strings.Fields(line)
		mode := fields[1]
		if fields[2] != "1000000000" || mode != "-rw-r--r--" && mode != "drwxr-xr-x" && !strings.HasPrefix(mode, "L") {
			t.Errorf("mode or time: %s", line)
		}
	}
}

func TestAllAndKeep(t *testing.T) {
	testenv.Need(t, "depmod")
	shim, recovery := board(t)
	r, dir := mustHarvest(t, Options{Shim: shim, Recovery: recovery, Firmware: report.All})
	if len(r.Firmware) != 10 || r.Arch != "x86_64" || r.KernelRelease != release {
		t.Errorf("got %d files and links, %s, %s", len(r.Firmware), r.Arch, r.KernelRelease)
	}
	wantFile(t, filepath.Join(dir, report.FirmwareDir, "unused/extra.bin"), "extra")
	r, dir = mustHarvest(t, Options{Shim: shim, Recovery: recovery, Keep: []string{"unused", "*-9.*", "none/*"}})
	wantFile(t, filepath.Join(dir, report.FirmwareDir, "unused/extra.bin"), "extra")
	wantFile(t, filepath.Join(dir, report.FirmwareDir, "wifi-9.ucode"), "shim wifi 9")
	if len(r.Missing) != 2 || r.Missing[0].Name != "none/*" || r.Missing[0].Reason != "nothing matches" {
		t.Errorf("missing: %+v", r.Missing)
	}
}

func TestShimAlone(t *testing.T) {
	testenv.Need(t, "depmod")
	shim, _ := board(t)
	delete(shim, inModules("modules.builtin.modinfo"))
	r, _ := mustHarvest(t, Options{Shim: shim})
	if r.Recovery || r.BuiltInFirmwareKnown || r.Totals.Firmware != 6 {
		t.Errorf("got %+v", r)
	}
}

// cancelling is a file system that ends the context when a file is opened.
type cancelling struct {
	fstest.MapFS
	cancel context.CancelFunc
}

func (c cancelling) Open(name string) (fs.File, error) {
	c.cancel()
	return c.MapFS.Open(name)
}

func TestCancelled(t *testing.T) {
	testenv.Need(t, "depmod")
	shim, _ := board(t)
	ctx, cancel := context.WithCancel(context.Background())
	_, err := Run(ctx, Options{Shim: cancelling{shim, cancel}}, t.TempDir())
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestLogIsOneAtATime: depmod and the firmware are under way at once, and each
// says what it does.
func TestLogIsOneAtATime(t *testing.T) {
	testenv.Need(t, "depmod")
	shim, recovery := board(t)
	lines := 0 // not guarded: go test -race sees two at once
	mustHarvest(t, Options{Shim: shim, Recovery: recovery, Log: func(string, ...any) {
		lines++
		runtime.Gosched()
	}})
	if lines < 5 {
		t.Errorf("%d lines", lines)
	}
}
