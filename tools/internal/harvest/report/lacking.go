package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// lacking is a driver some of whose firmware is missing.
type lacking struct {
	driver, subsystem string
	missing           []Missing
	kept              int // names that it asks for and gets
}

// missing leaves out what has an older file in its place, and globs of the
// user's.
func (r *Report) missing() []Missing {
	return slices.DeleteFunc(slices.Clone(r.Missing), func(m Missing) bool { return m.Instead != "" || m.byHand() })
}

// byHand tells that it is no driver that asks.
func (m *Missing) byHand() bool { return m.AskedBy[0].Kind == ByHand }

// lacking gives the drivers some of whose firmware is missing, those first
// that the owner of a Chromebook misses first: of each part of the kernel
// those that have nothing.
func (r *Report) lacking() []*lacking {
	of := r.subsystems()
	by := map[string]*lacking{}
	for _, m := range r.missing() {
		for _, who := range m.AskedBy {
			driver := who.Driver()
			if by[driver] == nil {
				by[driver] = &lacking{driver: driver, subsystem: cmp.Or(of[driver], elsewhere)}
			}
			by[driver].missing = append(by[driver].missing, m)
		}
	}
	for _, f := range r.Firmware {
		for _, who := range f.BecauseOf {
			if l := by[who.Driver()]; l != nil {
				l.kept++
			}
		}
	}
	return slices.SortedFunc(maps.Values(by), func(a, b *lacking) int {
		return cmp.Or(cmp.Compare(missedRank(a.subsystem), missedRank(b.subsystem)), cmp.Compare(min(a.kept, 1), min(b.kept, 1)),
			cmp.Compare(len(b.missing), len(a.missing)), cmp.Compare(a.driver, b.driver))
	})
}

// missedRank puts the parts of the kernel whose devices Chromebooks have
// before others, which are mostly for other machines.
func missedRank(subsystem string) int {
	parts := []string{"drivers/net/wireless", "drivers/bluetooth", "drivers/gpu", "sound", "drivers/input", "drivers/media"}
	if i := slices.Index(parts, subsystem); i >= 0 {
		return i
	}
	return len(parts)
}

func (l *lacking) line() string {
	upstream := 0
	for _, m := range l.missing {
		if m.Upstream != "" {
			upstream++
		}
	}
	s := fmt.Sprintf("%7d %6d  %s (%s): %s", len(l.missing), l.kept, l.driver, l.subsystem, l.missing[0].Name)
	if len(l.missing) > 1 {
		s += ", …"
	}
	if upstream > 0 {
		s += fmt.Sprintf("; linux-firmware has %d", upstream)
	}
	return s
}

// textMissing says what is missing by driver, and what to do about it.
func (r *Report) textMissing(t *text) {
	missing := r.missing()
	if len(missing) > 0 {
		drivers := r.lacking()
		t.title(fmt.Sprintf("Missing: %s of %s", count(len(missing), "name"), count(len(drivers), "driver")),
			"asked for and in no image; mostly for devices that the board does not have")
		t.note(fmt.Sprintf("%7s %6s", "missing", "kept"))
		list(t, drivers, (*lacking).line)
		t.note("If one of these devices is yours: linux-firmware may have the file, under the same name,")
		t.note("https://gitlab.com/kernel-firmware/linux-firmware; add it to lib/firmware of the system,")
		t.note(fmt.Sprintf("on NixOS by hardware.firmware. %s, a copy of it, says what it has.", r.words.Upstream))
		if t.most == 0 {
			t.title("Missing, by name", "who asks for it")
			list(t, missing, r.missingLine)
		}
	}
	replaced := slices.DeleteFunc(slices.Clone(r.Missing), func(m Missing) bool { return m.Instead == "" })
	if len(replaced) > 0 {
		t.title(fmt.Sprintf("Missing, with an older one: %d", len(replaced)), "iwlwifi takes the next lower number, unless that is too old for it")
		list(t, replaced, func(m Missing) string { return fmt.Sprintf("%s, %s instead", m.Name, m.Instead) })
	}
}

func (r *Report) missingLine(m Missing) string {
	s := fmt.Sprintf("%s: %s (%s)", m.Name, m.Reason, joined(m.AskedBy))
	switch {
	case m.Upstream != "":
		s += "; linux-firmware has it"
	case r.Upstream:
		s += "; nor in linux-firmware"
	}
	return s
}

func joined(reasons []Reason) string {
	texts := make([]string, len(reasons))
	for i, r := range reasons {
		texts[i] = r.String()
	}
	return strings.Join(texts, ", ")
}
