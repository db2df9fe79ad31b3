package harvest

import (
	"cmp"
	"slices"
)

func newReport(o Options) *Report {
	return &Report{
		SchemaVersion: SchemaVersion, FirmwareMode: o.Firmware, Recovery: o.Recovery != nil,
		Modules: []Module{}, BuiltIn: []string{}, Firmware: []Firmware{}, Dropped: []Dropped{},
		Missing: []Missing{}, Dangling: []Dangling{}, Modprobe: []File{},
		Conflicts: []Conflict{}, Skipped: []Skipped{},
	}
}

// finish sorts and sums up.
func (r *Report) finish() {
	slices.Sort(r.BuiltIn)
	slices.SortFunc(r.Modules, func(a, b Module) int { return cmp.Compare(a.Path, b.Path) })
	slices.SortFunc(r.Firmware, func(a, b Firmware) int { return cmp.Compare(a.Path, b.Path) })
	slices.SortFunc(r.Dropped, func(a, b Dropped) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Origin, b.Origin))
	})
	slices.SortFunc(r.Missing, func(a, b Missing) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(r.Dangling, func(a, b Dangling) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Origin, b.Origin))
	})
	slices.SortFunc(r.Modprobe, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	slices.SortStableFunc(r.Conflicts, func(a, b Conflict) int { return cmp.Compare(a.Path, b.Path) })
	slices.SortStableFunc(r.Skipped, func(a, b Skipped) int { return cmp.Compare(a.Source, b.Source) })
	r.Totals = r.sum()
}

func (r *Report) sum() (t Totals) {
	for _, m := range r.Modules {
		t.Modules++
		t.ModuleBytes += m.Size
	}
	for _, f := range r.Firmware {
		if f.Target != "" {
			t.FirmwareLinks++
			continue
		}
		t.Firmware++
		t.FirmwareBytes += f.Size
	}
	for _, d := range r.Dropped {
		t.Dropped++
		t.DroppedBytes += d.Size
	}
	return t
}
