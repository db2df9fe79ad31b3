package harvest

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"shimboot/tools/internal/harvest/report"
	"shimboot/tools/internal/testenv"
)

// fw is a tree with files below lib/firmware; a leading "/" is below the root.
func fw(entries map[string]*fstest.MapFile) fstest.MapFS {
	fsys := fstest.MapFS{inModules("modules.builtin"): file("")}
	for name, f := range entries {
		if p, ok := strings.CutPrefix(name, "/"); ok {
			fsys[p] = f
		} else {
			fsys["lib/firmware/"+name] = f
		}
	}
	return fsys
}

type files = map[string]*fstest.MapFile

func TestFirmware(t *testing.T) {
	testenv.Need(t, "depmod")
	cases := linkCases()
	maps.Copy(cases, nameCases(t))
	maps.Copy(cases, unionCases())
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			shim := fw(c.shim)
			shim[inModules("m.ko")] = blob(module("m", c.requests...))
			o := Options{Shim: shim}
			if c.recovery != nil {
				o.Recovery = fw(c.recovery)
			}
			r, dir := mustHarvest(t, o)
			wantList(t, "firmware", contents(t, dir), c.want)
			var missing []string
			for _, m := range r.Missing {
				missing = append(missing, m.Name+": "+m.Reason)
			}
			wantList(t, "missing", missing, c.missing)
			o.Firmware = report.All
			_, dir = mustHarvest(t, o)
			if all := contents(t, dir); !contains(all, c.want) {
				t.Errorf("all: got %q, without some of %q", all, c.want)
			}
		})
	}
}

func contains(all, some []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}

// contents is shape of lib/firmware with the content of files. Every link must
// lead to something.
func contents(t testing.TB, dir string) (list []string) {
	t.Helper()
	dir = filepath.Join(dir, report.FirmwareDir)
	if _, err := os.Stat(dir); err != nil {
		return nil
	}
	for _, line := range shape(t, dir) {
		name, _, isLink := strings.Cut(line, " -> ")
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Errorf("a link of the output dangles: %v", err)
		}
		if !isLink {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Error(err)
			}
			line += "=" + string(data)
		}
		list = append(list, line)
	}
	return list
}
