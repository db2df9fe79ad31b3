package harvest

import (
	"fmt"
	"testing"

	"shimboot/tools/internal/harvest/report"
)

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"a", "a", true},
		{"a/", "a", true},
		{"a", "a/b", false},
		{"a/*", "a/b", true},
		{"a/*", "a/b/c", false},
		{"*", "a/b", false},
		{"**", "a/b/c", true},
		{"**/c", "c", true},
		{"**/c", "a/b/c", true},
		{"a/**/c", "a/c", true},
		{"a/**/c", "a/b/b/c", true},
		{"a/**/c", "b/c", false},
		{"a/**", "a", true},
		{"**/*.bin", "x/y.bin", true},
		{"i*-[0-9].ucode", "iwl-7.ucode", true},
	} {
		if got := matchGlob(c.pattern, c.name); got != c.want {
			t.Errorf("%s on %s: got %v", c.pattern, c.name, got)
		}
	}
	for _, bad := range []string{"", "/a", "../a", "a/[", ".", "a/../../b"} {
		if CheckGlob(bad) == nil {
			t.Errorf("%q is no pattern, but it is taken", bad)
		}
	}
}

// TestManyLinksToOneDirectory: each file is looked at once, or this would take
// hours.
func TestManyLinksToOneDirectory(t *testing.T) {
	const n = 60_000
	im := &root{origin: report.Shim}
	all := tree{".": {from: im}, "intel": {from: im}, "intel/sof": {from: im}}
	for i := range n {
		all[fmt.Sprintf("intel/sof/%d", i)] = &node{kind: fileNode, from: im}
		all[fmt.Sprintf("intel/sof%d", i)] = &node{kind: linkNode, from: im, target: "intel/sof"}
	}
	a := newRequests()
	a.module("snd_sof_pci", nil)
	c, err := choose(t.Context(), all, a, release, &Options{})
	if err != nil || len(c.runtime) != 1 || c.runtime[0].Files != n || len(c.because) != 2*n {
		t.Errorf("%v: %+v, %d kept", err, c.runtime, len(c.because))
	}
}
