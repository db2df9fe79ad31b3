package harvest

import (
	"fmt"
	"path"
	"strings"
	"unicode"
)

// text is a report for people on its way.
type text struct {
	strings.Builder
	most int // lines of a list, 0 for all
}

// Text says for people what drivers.json has in full. Lists end after most
// lines; 0 gives all of them.
func (r *Report) Text(most int) string {
	t := &text{most: most}
	n := r.Totals
	t.row("kernel", "Linux %s, %s", r.KernelRelease, orUnknown(r.Arch))
	t.row("modules", "%d files, %s; %d more are built in", n.Modules, sizeOf(n.ModuleBytes), len(r.BuiltIn))
	t.row("firmware", "%d files, %s, and %d links: %s", n.Firmware, sizeOf(n.FirmwareBytes), n.FirmwareLinks, r.origins())
	t.row("dropped", "%d files, %s", n.Dropped, sizeOf(n.DroppedBytes))
	t.row("modprobe.d", "%d files", len(r.Modprobe))
	if !r.BuiltInFirmwareKnown && r.FirmwareMode == Needed {
		t.row("note", "this kernel does not say what its built-in drivers ask for; name it with --keep, or use --firmware all")
	}
	r.textSubsystems(t)
	r.textKept(t)
	r.textDropped(t)
	r.textMissing(t)
	r.textRest(t)
	return t.String()
}

func (r *Report) textSubsystems(t *text) {
	t.title("By subsystem", "modules, firmware, names of firmware that are missing")
	list(t, r.Subsystems, func(s Subsystem) string {
		return fmt.Sprintf("%5d %10s %6d %10s %6d  %s", s.Modules, sizeOf(s.ModuleBytes),
			s.Firmware, sizeOf(s.FirmwareBytes), s.Missing, s.Name)
	})
}

// textKept says for whom firmware was kept. A file counts for each of those
// that ask for it.
func (r *Report) textKept(t *text) {
	sums := newSums()
	for _, f := range r.Firmware {
		for _, why := range f.BecauseOf {
			switch { // these are many: by kind
			case strings.HasPrefix(why, becauseCompanion):
				why = "companions of those that are asked for"
			case strings.HasPrefix(why, becauseRung):
				why = "iwlwifi, in place of newer ones that are missing"
			}
			sums.add(why, f.Size)
		}
	}
	t.title("Kept for", "files and links; a file counts for each that asks for it")
	list(t, sums.largest(), sumLine)
}

func (r *Report) textDropped(t *text) {
	sums := newSums()
	for _, d := range r.Dropped {
		dir := strings.TrimPrefix(path.Dir(d.Path), firmwareDir)
		sums.add(fmt.Sprintf("%s/ of the %s image: %s", firmwareDir+dir, d.Origin, d.Reason), d.Size)
	}
	if len(sums.by) > 0 {
		t.title("Dropped", "files and links")
		list(t, sums.largest(), sumLine)
	}
}

func (r *Report) textMissing(t *text) {
	missing, replaced := []Missing{}, []Missing{}
	for _, m := range r.Missing {
		if m.Instead != "" {
			replaced = append(replaced, m)
		} else {
			missing = append(missing, m)
		}
	}
	line := func(m Missing) string {
		s := fmt.Sprintf("%s: %s (%s)", m.Name, m.Reason, strings.Join(m.AskedBy, ", "))
		switch {
		case m.Instead != "":
			s = fmt.Sprintf("%s, %s instead", m.Name, m.Instead)
		case m.Upstream != "":
			s += "; linux-firmware has it"
		case r.Upstream:
			s += "; nor in linux-firmware"
		}
		return s
	}
	if len(missing) > 0 {
		t.title(fmt.Sprintf("Missing: %d", len(missing)), "asked for and in no image; mostly for devices that the board does not have")
		list(t, missing, line)
		if !r.Upstream {
			fmt.Fprintln(t, "  linux-firmware may have them under the same names: --linux-firmware DIR tells")
		}
	}
	if len(replaced) > 0 {
		t.title(fmt.Sprintf("Missing, with an older one: %d", len(replaced)), "iwlwifi takes the next lower number, unless that is too old for it")
		list(t, replaced, line)
	}
}

func (r *Report) textRest(t *text) {
	if len(r.Dangling) > 0 {
		t.title(fmt.Sprintf("Links that lead nowhere: %d", len(r.Dangling)), "left out")
		list(t, r.Dangling, func(d Dangling) string { return fmt.Sprintf("%s -> %s (%s)", d.Path, d.Target, d.Origin) })
	}
	if len(r.Conflicts) > 0 {
		t.title(fmt.Sprintf("Conflicts: %d", len(r.Conflicts)), "names with two contents")
		list(t, r.Conflicts, func(c Conflict) string {
			return fmt.Sprintf("%s: %s:%s taken, %s:%s not", c.Path, c.Kept.Origin, c.Kept.Source, c.Dropped.Origin, c.Dropped.Source)
		})
	}
	if len(r.Duplicates) > 0 {
		t.title(fmt.Sprintf("Duplicates: %d", len(r.Duplicates)), "contents that are there more than once, "+sizeOf(r.Totals.DuplicateBytes)+" more than needed")
		list(t, r.Duplicates, func(d Duplicate) string {
			return fmt.Sprintf("%10s  %s", sizeOf(d.wasted()), strings.Join(d.Paths, " "))
		})
	}
}

// origins counts the firmware by image.
func (r *Report) origins() string {
	if !r.Recovery {
		return "all of the shim"
	}
	count := map[Origin]int{}
	for _, f := range r.Firmware {
		count[f.Origin]++
	}
	return fmt.Sprintf("%d of the shim, %d of the recovery image", count[Shim], count[Recovery])
}

func (t *text) row(name, format string, args ...any) {
	fmt.Fprintf(t, "%-10s %s\n", name, printable(fmt.Sprintf(format, args...)))
}

func (t *text) title(name, about string) { fmt.Fprintf(t, "\n%s (%s)\n", name, about) }

func list[T any](t *text, all []T, line func(T) string) {
	n := len(all)
	if t.most > 0 {
		n = min(n, t.most)
	}
	for _, one := range all[:n] {
		fmt.Fprintf(t, "  %s\n", printable(line(one)))
	}
	if n < len(all) {
		fmt.Fprintf(t, "  and %d more, all in drivers.txt\n", len(all)-n)
	}
}

// printable keeps what an image names from steering a terminal.
func printable(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return unicode.ReplacementChar
	}, s)
}

func orUnknown(arch string) string {
	if arch == "" {
		return "unknown machine"
	}
	return arch
}
