package main

import (
	"fmt"
	"io"
	"strings"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/harvest"
)

// shown is how many names a line of the summary gives.
const shown = 8

// summary says what drivers.json has in full.
func summary(w io.Writer, r *harvest.Report) {
	row := func(name, format string, args ...any) {
		fmt.Fprintf(w, "%-10s %s\n", name, fmt.Sprintf(format, args...))
	}
	t := r.Totals
	row("kernel", "Linux %s, %s", r.KernelRelease, orUnknown(r.Arch))
	row("modules", "%d files, %s; %d more are built in", t.Modules, sizeOf(t.ModuleBytes), len(r.BuiltIn))
	row("firmware", "%d files, %s, and %d links: %s", t.Firmware, sizeOf(t.FirmwareBytes), t.FirmwareLinks, origins(r))
	row("dropped", "%d files, %s", t.Dropped, sizeOf(t.DroppedBytes))
	row("modprobe.d", "%d files", len(r.Modprobe))
	if len(r.Missing) > 0 {
		row("missing", "%d names of firmware", len(r.Missing))
		list(w, len(r.Missing), func(i int) string {
			m := r.Missing[i]
			return fmt.Sprintf("%s: %s (%s)", m.Name, m.Reason, strings.Join(m.AskedBy, ", "))
		})
	}
	if len(r.Dangling) > 0 {
		row("dangling", "%d links", len(r.Dangling))
		list(w, len(r.Dangling), func(i int) string {
			d := r.Dangling[i]
			return fmt.Sprintf("%s -> %s (%s)", d.Path, d.Target, d.Origin)
		})
	}
	if len(r.Conflicts) > 0 {
		row("conflicts", "%d names with two contents", len(r.Conflicts))
		list(w, len(r.Conflicts), func(i int) string {
			x := r.Conflicts[i]
			return fmt.Sprintf("%s: %s:%s taken, %s:%s not", x.Path, x.Kept.Origin, x.Kept.Source, x.Dropped.Origin, x.Dropped.Source)
		})
	}
	if !r.BuiltInFirmwareKnown && r.FirmwareMode == harvest.Needed {
		row("note", "this kernel does not say what its built-in drivers ask for; name it with --keep, or use --firmware all")
	}
}

func list(w io.Writer, n int, line func(i int) string) {
	for i := range min(n, shown) {
		fmt.Fprintf(w, "%11s%s\n", "", command.Printable(line(i)))
	}
	if n > shown {
		fmt.Fprintf(w, "%11sand %d more, all in drivers.json\n", "", n-shown)
	}
}

// origins counts the firmware by image.
func origins(r *harvest.Report) string {
	count := map[harvest.Origin]int{}
	for _, f := range r.Firmware {
		count[f.Origin]++
	}
	if !r.Recovery {
		return "all of the shim"
	}
	return fmt.Sprintf("%d of the shim, %d of the recovery image", count[harvest.Shim], count[harvest.Recovery])
}

func orUnknown(arch string) string {
	if arch == "" {
		return "unknown machine"
	}
	return arch
}

// sizeOf is a size for people.
func sizeOf(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", n)
}
