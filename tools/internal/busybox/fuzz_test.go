package busybox_test

import (
	"bytes"
	"slices"
	"testing"

	"shimboot/tools/internal/busybox"
	"shimboot/tools/internal/testenv"
)

// FuzzApplets: names stand in the program, in order, each once.
func FuzzApplets(f *testing.F) {
	f.Add([]byte("BusyBox v1.2\x00\x01zzash\x00cat\x00mount\x00\x00"))
	f.Add([]byte("BusyBox v1.35.0 (Debian)\x00\x00[\x00[[\x00acpid\x00zcat\x00\x00ash\x00cat\x00mount\x00\x00"))
	f.Add(bytes.Repeat([]byte("BusyBox v"), 20))
	f.Fuzz(func(t *testing.T, d []byte) {
		var version string
		var applets []string
		testenv.Bounded(t, 0, func() { version, applets = busybox.Applets(d) })
		if version == "" && applets != nil || len(applets) > 2000 || !bytes.Contains(d, []byte("BusyBox v"+version)) && version != "" {
			t.Errorf("%q %q", version, applets)
		}
		if !slices.IsSorted(applets) || len(slices.Compact(slices.Clone(applets))) != len(applets) {
			t.Errorf("not in order: %q", applets)
		}
		for _, name := range applets {
			if !bytes.Contains(d, []byte(name+"\x00")) {
				t.Errorf("%q is not in the program", name)
			}
		}
	})
}
