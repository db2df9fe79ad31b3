package report

import (
	"cmp"
	"slices"
)

// New gives a report with empty lists.
func New(mode Mode, words Words) *Report {
	return &Report{
		SchemaVersion: SchemaVersion, FirmwareMode: mode, words: words,
		Modules: []Module{}, BuiltIn: []string{}, Firmware: []Firmware{}, Dropped: []Dropped{},
		Missing: []Missing{}, RuntimeNames: []RuntimeName{}, Dangling: []Dangling{}, Duplicates: []Duplicate{},
		Modprobe: []File{}, Conflicts: []Conflict{}, Skipped: []Skipped{}, Subsystems: []Subsystem{},
	}
}

// Finish sorts the lists and sums up.
func (r *Report) Finish() {
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
	r.Subsystems = append(r.Subsystems, r.bySubsystem()...)
	r.Duplicates = append(r.Duplicates, r.findDuplicates()...)
	r.Totals = r.sum()
}

// findDuplicates gives what is there twice, the largest waste first.
func (r *Report) findDuplicates() (list []Duplicate) {
	by := map[string]*Duplicate{}
	add := func(f File) {
		if f.SHA256 == "" || f.Size == 0 { // a link, or nothing to gain
			return
		}
		if by[f.SHA256] == nil {
			by[f.SHA256] = &Duplicate{SHA256: f.SHA256, Size: f.Size}
		}
		by[f.SHA256].Paths = append(by[f.SHA256].Paths, f.Path)
	}
	for _, m := range r.Modules {
		add(m.File)
	}
	for _, f := range r.Firmware {
		add(f.File)
	}
	for _, d := range by {
		if len(d.Paths) > 1 {
			list = append(list, *d)
		}
	}
	slices.SortFunc(list, func(a, b Duplicate) int {
		return cmp.Or(cmp.Compare(b.wasted(), a.wasted()), cmp.Compare(a.Paths[0], b.Paths[0]))
	})
	return list
}

func (d *Duplicate) wasted() int64 { return d.Size * int64(len(d.Paths)-1) }

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
	for _, d := range r.Duplicates {
		t.DuplicateBytes += d.wasted()
	}
	return t
}
