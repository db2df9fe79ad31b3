package harvest

import (
	"strings"
	"testing"

	"shimboot/tools/internal/testenv"
)

// TestSearchOrder: of a name in several of the kernel's places, what it takes
// is kept, and that the others are never found is said.
func TestSearchOrder(t *testing.T) {
	testenv.Need(t, "depmod")
	shim := fw(files{
		"all": file("plain"), release + "/all": file("release"), "updates/all": file("updates"), "updates/" + release + "/all": file("first"),
		"two": file("plain"), "updates/two": file("updates"), "rel": file("plain"), release + "/rel": file("release"),
		"updates/9.9.9/other": file("of another kernel"), "updates/only-1.bin": file("1"),
	})
	shim[inModules("m.ko")] = blob(module("m", "all", "two", "rel", "other", "only-*.bin"))
	r, dir := mustHarvest(t, Options{Shim: shim})
	wantList(t, "firmware", contents(t, dir), []string{
		release + "/rel=release", "updates/" + release + "/all=first", "updates/only-1.bin=1", "updates/two=updates",
	})
	var hidden []string
	for _, d := range r.Dropped {
		if strings.HasSuffix(d.Reason, "comes first") {
			hidden = append(hidden, strings.TrimPrefix(d.Path, "lib/firmware/")+": "+d.Reason)
		}
	}
	first := "updates/" + release + "/all comes first"
	wantList(t, "hidden", hidden, []string{
		release + "/all: " + first, "all: " + first, "rel: " + release + "/rel comes first",
		"two: updates/two comes first", "updates/all: " + first,
	})
	if len(r.Missing) != 1 || r.Missing[0].Name != "other" {
		t.Errorf("missing: %+v", r.Missing)
	}
}

// TestModulesOfUpdates: depmod prefers them, so their order has to survive.
func TestModulesOfUpdates(t *testing.T) {
	testenv.Need(t, "depmod")
	shim := fw(nil)
	for _, dir := range []string{"extra", "kernel/net", "updates"} {
		shim[inModules(dir+"/wifi.ko")] = blob(module("wifi", dir+".bin"))
	}
	_, dir := mustHarvest(t, Options{Shim: shim})
	got := lines(t, "modinfo", "-b", dir, "-k", release, "-F", "firmware", "wifi")
	wantList(t, "what modprobe takes", got, []string{"updates.bin"})
}
