package report

import (
	"cmp"
	"fmt"
	"path"
	"strings"

	"shimboot/tools/internal/bytesize"
)

// Text says for people what drivers.json has in full. Lists end after most
// lines; 0 gives all of them.
func (r *Report) Text(most int) string {
	t := &text{most: most}
	n := r.Totals
	t.row("kernel", "Linux %s, %s", r.KernelRelease, cmp.Or(r.Arch, "unknown machine"))
	t.row("modules", "%s, %s; %d more are built in", count(n.Modules, "file"), bytesize.Format(n.ModuleBytes), len(r.BuiltIn))
	t.row("firmware", "%s, %s, and %s; %s", count(n.Firmware, "file"), bytesize.Format(n.FirmwareBytes), count(n.FirmwareLinks, "link"), r.origins())
	t.row("dropped", "%s of firmware, %s", count(n.Dropped, "file"), bytesize.Format(n.DroppedBytes))
	t.row("modprobe.d", "%s", count(len(r.Modprobe), "file"))
	if !r.BuiltInFirmwareKnown && r.FirmwareMode == Needed {
		t.row("note", "this kernel does not say what its built-in drivers ask for; name it with %s, or use %s", r.words.Keep, r.words.All)
	}
	for _, m := range r.Missing {
		if m.byHand() {
			t.row("note", "%s %s matches nothing", r.words.Keep, m.Name)
		}
	}
	r.textSubsystems(t)
	r.textKept(t)
	r.textDropped(t)
	r.textMissing(t)
	r.textOdd(t)
	return t.String()
}

// origins counts the firmware by image.
func (r *Report) origins() string {
	if !r.Recovery {
		return "all from the shim"
	}
	count := map[Origin]int{}
	for _, f := range r.Firmware {
		count[f.Origin]++
	}
	return fmt.Sprintf("%d from the shim, %d from the recovery image", count[Shim], count[Recovery])
}

func (r *Report) textSubsystems(t *text) {
	t.title("By part of the kernel", "files, and names of firmware that are missing")
	t.note(fmt.Sprintf("%16s %17s %8s", "modules", "firmware", "missing"))
	list(t, r.Subsystems, func(s Subsystem) string {
		return fmt.Sprintf("%5d %10s %6d %10s %8d  %s", s.Modules, bytesize.Format(s.ModuleBytes),
			s.Firmware, bytesize.Format(s.FirmwareBytes), s.Missing, s.Name)
	})
}

// textKept says for whom firmware was kept. A file counts for each of those
// that ask for it.
func (r *Report) textKept(t *text) {
	sums := newSums()
	for _, f := range r.Firmware {
		for _, why := range f.BecauseOf {
			sums.add(r.words.reason(why), f.Size)
		}
	}
	if len(sums.by) > 0 {
		t.title("Firmware is kept for", "files and links; a file counts for each driver that asks for it")
		list(t, sums.largest(), sumLine)
	}
}

// reason names a reason; those that are many are named by their kind.
func (w *Words) reason(r Reason) string {
	switch r.Kind {
	case AtRuntime:
		return r.Of + ", which makes the names while it runs"
	case ByHand:
		return w.Keep + " " + r.Of
	case Everything:
		return w.All + "; no driver asks for it"
	case Companion:
		return "companions of what is asked for: signatures, segments"
	case Fallback:
		return "iwlwifi, in place of newer ones that are missing"
	}
	return r.Of
}

func (r *Report) textDropped(t *text) {
	sums := newSums()
	for _, d := range r.Dropped {
		sums.add(fmt.Sprintf("%s/ of the %s image: %s", path.Dir(d.Path), d.Origin, d.Reason), d.Size)
	}
	if len(sums.by) > 0 {
		t.title("Dropped", fmt.Sprintf("files and links; %s GLOB keeps them as well, %s keeps everything", r.words.Keep, r.words.All))
		list(t, sums.largest(), sumLine)
	}
}

// textOdd has what is odd about the images.
func (r *Report) textOdd(t *text) {
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
		t.title(fmt.Sprintf("Duplicates: %d", len(r.Duplicates)),
			"contents that are there more than once, "+bytesize.Format(r.Totals.DuplicateBytes)+" more than needed")
		list(t, r.Duplicates, func(d Duplicate) string {
			paths := strings.Join(d.Paths, " ")
			if n := len(d.Paths) - 1; t.most > 0 {
				paths = fmt.Sprintf("%s and %d like it", d.Paths[0], n)
			}
			return fmt.Sprintf("%10s  %s", bytesize.Format(d.wasted()), paths)
		})
	}
}
