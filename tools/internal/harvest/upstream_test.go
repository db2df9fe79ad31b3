package harvest

import (
	"testing"
	"testing/fstest"

	"shimboot/tools/internal/harvest/report"
)

// TestUpstream looks in a tree of linux-firmware as its repository has it, and
// as distributions install it.
func TestUpstream(t *testing.T) {
	names, err := upstreamNames(fstest.MapFS{
		"a/b.bin": file(""), "packed.bin.xz": file(""), "packed.fw.zst": file(""), ".git/c.bin": file(""), "brcm/x-1.bin": file(""),
		"WHENCE": file("File: a/b.bin\nLink: l/m.bin -> ../a/b.bin\nLink: brcm/Some\\ Board.txt -> x\nLink: \"q r.bin\" -> x\nLink: no arrow\n"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"a/b.bin": "a/b.bin", "./a//b.bin": "a/b.bin", "packed.bin": "packed.bin", "packed.fw": "packed.fw", "l/m.bin": "l/m.bin",
		"brcm/Some Board.txt": "brcm/Some Board.txt", "q r.bin": "q r.bin", "brcm/x-*.bin": "brcm/x-*.bin",
		"c.bin": "", ".git/c.bin": "", "b.bin": "", "no arrow": "", "brcm/y-*.bin": "",
	} {
		missing := []report.Missing{{Name: name}}
		if findUpstream(missing, names); missing[0].Upstream != want {
			t.Errorf("%s: got %q, want %q", name, missing[0].Upstream, want)
		}
	}
}
