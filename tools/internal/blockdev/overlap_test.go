package blockdev

import (
	"os"
	"path/filepath"
	"testing"

	"shimboot/tools/internal/testenv"
)

func overlap(t *testing.T, what, a, b string, want bool) {
	t.Helper()
	for range 2 {
		got, err := Linux().Overlap(a, b)
		if err != nil || got != want {
			t.Errorf("%s: %v of %s and %s, %v", what, got, a, b, err)
		}
		a, b = b, a
	}
}

// What stands on a file is the file, however deep.
func TestOverlap(t *testing.T) {
	file := testenv.Write(t, "img", make([]byte, 1<<20))
	other := testenv.Write(t, "other", make([]byte, 1<<20))
	hard := filepath.Join(t.TempDir(), "hard")
	if err := os.Link(file, hard); err != nil {
		t.Fatal(err)
	}
	dev := testenv.Loop(t, file)
	again := testenv.Loop(t, dev)
	overlap(t, "a file", file, file, true)
	overlap(t, "another name", file, hard, true)
	overlap(t, "a loop device of it", file, dev, true)
	overlap(t, "one of another name", hard, dev, true)
	overlap(t, "a loop device of that", file, again, true)
	overlap(t, "two loop devices", dev, again, true)
	overlap(t, "another file", file, other, false)
	overlap(t, "a loop device of another", other, dev, false)
	if _, err := Linux().Overlap(file, filepath.Join(t.TempDir(), "nothing")); !os.IsNotExist(err) {
		t.Errorf("nothing: %v", err)
	}
}

// Partitions of one disk are two things; each is part of the disk.
func TestOverlapOfPartitions(t *testing.T) {
	m := newMachine(t)
	m.add("pci/block/sdx", "8:0")
	m.add("pci/block/sdx/sdx1", "8:1", "partition=1")
	m.add("pci/block/sdx/sdx2", "8:2", "partition=2")
	m.add("virtual/block/dm-0", "253:0")
	m.file(filepath.Join(m.Sys, "devices/virtual/block/dm-0/slaves"), "sdx2/dev", "8:2\n")
	below := func(number string) map[backing]bool {
		found := map[backing]bool{}
		if err := m.below(backing{disk: number}, nil, found); err != nil {
			t.Fatal(err)
		}
		return found
	}
	for number, want := range map[string][]string{
		"8:0": {"8:0"}, "8:1": {"8:1", "8:0"}, "8:2": {"8:2", "8:0"}, "253:0": {"253:0", "8:2", "8:0"},
	} {
		found := below(number)
		for _, w := range want {
			if !found[backing{disk: w}] {
				t.Errorf("%s is not on %s: %v", number, w, found)
			}
		}
		if len(found) != len(want) {
			t.Errorf("%s is on %v, want %v", number, found, want)
		}
	}
}
