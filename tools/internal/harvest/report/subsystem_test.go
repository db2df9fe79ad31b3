package report

import (
	"fmt"
	"testing"
)

func TestSubsystemOf(t *testing.T) {
	for path, want := range map[string]string{
		"kernel/drivers/net/wireless/ath/ath10k/a.ko": "drivers/net/wireless", "kernel/drivers/net/veth.ko": "drivers/net",
		"kernel/drivers/gpu/drm/i915/i915.ko": "drivers/gpu", "kernel/sound/soc/x.ko": "sound", "kernel/fs/fuse/fuse.ko": "fs",
		"kernel/x.ko": "other", "x.ko": "other", "extra/x.ko": "extra", "kernel/drivers/x.ko": "drivers", "": "other",
	} {
		if got := subsystemOf(path); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

func asked(modules ...string) (list []Reason) {
	for _, m := range modules {
		list = append(list, Reason{Requested, m})
	}
	return list
}

// TestBySubsystem counts every module, file and missing name once, where the
// first that it is kept for belongs.
func TestBySubsystem(t *testing.T) {
	r := &Report{
		words:         Words{Keep: "--keep"},
		KernelRelease: "6.1",
		BuiltIn:       []string{"kernel/net/wireless/cfg80211.ko"},
		Modules: []Module{
			{Name: "wifi", File: File{Path: "lib/modules/6.1/kernel/drivers/net/wireless/wifi.ko", Size: 100}},
			{Name: "snd", File: File{Path: "lib/modules/6.1/kernel/sound/snd.ko", Size: 1}},
		},
		Firmware: []Firmware{
			{File: File{Path: "lib/firmware/a", Size: 10}, BecauseOf: asked("snd", "wifi")},
			{File: File{Path: "lib/firmware/db", Size: 20}, BecauseOf: asked("cfg80211")},
			{File: File{Path: "lib/firmware/db.p7s", Size: 2}, BecauseOf: []Reason{{Companion, "db"}}},
			{File: File{Path: "lib/firmware/k", Size: 5}, BecauseOf: []Reason{{ByHand, "*"}}},
			{File: File{Path: "lib/firmware/r", Size: 3}, BecauseOf: []Reason{{Everything, ""}, {AtRuntime, "snd"}}},
			{File: File{Path: "lib/firmware/z", Size: 4}, BecauseOf: []Reason{{Everything, ""}}},
			{File: File{Path: "lib/firmware/l"}, Target: "a", BecauseOf: asked("snd")},
		},
		Missing: []Missing{{Name: "m", AskedBy: asked("wifi")}, {Name: "n", AskedBy: asked("wifi"), Instead: "a"}},
	}
	want := []Subsystem{
		{"drivers/net/wireless", 1, 100, 0, 0, 1}, {"net", 0, 0, 2, 22, 0}, {"sound", 1, 1, 2, 13, 0},
		{"kept by --keep", 0, 0, 1, 5, 0}, {notAsked, 0, 0, 1, 4, 0},
	}
	if got := r.bySubsystem(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
