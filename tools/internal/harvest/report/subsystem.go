package report

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// What is of no subsystem.
const (
	notAsked  = "asked for by nothing"
	elsewhere = "other"
)

// ModuleName is the name of a module as the kernel makes it from the file's.
func ModuleName(file string) string {
	return strings.ReplaceAll(strings.TrimSuffix(path.Base(file), ".ko"), "-", "_")
}

// subsystemOf names the part of the kernel's source that a module's path below
// its release belongs to: "kernel/drivers/net/wireless/x/y.ko" is of
// "drivers/net/wireless", "kernel/sound/soc/x.ko" of "sound".
func subsystemOf(file string) string {
	parts := strings.Split(strings.TrimPrefix(file, "kernel/"), "/")
	depth := 1
	switch {
	case parts[0] == "drivers" && len(parts) > 3 && parts[1] == "net":
		depth = 3
	case parts[0] == "drivers":
		depth = 2
	}
	if depth = min(depth, len(parts)-1); depth == 0 {
		return elsewhere
	}
	return strings.Join(parts[:depth], "/")
}

// subsystems gives the subsystem of each module by its name, built in or not.
func (r *Report) subsystems() map[string]string {
	by := map[string]string{}
	for _, file := range r.BuiltIn {
		by[ModuleName(file)] = subsystemOf(file)
	}
	for _, m := range r.Modules {
		by[m.Name] = subsystemOf(strings.TrimPrefix(m.Path, "lib/modules/"+r.KernelRelease+"/"))
	}
	return by
}

// keptByHand is what is kept by a glob of the user's.
func (r *Report) keptByHand() string { return "kept by " + r.words.Keep }

// bySubsystem sums up, the largest first.
func (r *Report) bySubsystem() []Subsystem {
	of := r.subsystems()
	sums := map[string]*Subsystem{}
	sum := func(name string) *Subsystem {
		if sums[name] == nil {
			sums[name] = &Subsystem{Name: name}
		}
		return sums[name]
	}
	for _, m := range r.Modules {
		s := sum(of[m.Name])
		s.Modules++
		s.ModuleBytes += m.Size
	}
	because := map[string][]Reason{}
	for _, f := range r.Firmware {
		because[strings.TrimPrefix(f.Path, FirmwareDir+"/")] = f.BecauseOf
	}
	for _, f := range r.Firmware {
		if f.Target == "" {
			s := sum(r.whose(f.BecauseOf, of, because))
			s.Firmware++
			s.FirmwareBytes += f.Size
		}
	}
	for _, m := range r.missing() {
		sum(r.whose(m.AskedBy, of, because)).Missing++
	}
	list := make([]Subsystem, 0, len(sums))
	for _, s := range sums {
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b Subsystem) int {
		return cmp.Or(cmp.Compare(b.ModuleBytes+b.FirmwareBytes, a.ModuleBytes+a.FirmwareBytes), cmp.Compare(a.Name, b.Name))
	})
	return list
}

// whose gives the subsystem of a file by why it is there.
func (r *Report) whose(reasons []Reason, of map[string]string, because map[string][]Reason) string {
	found := notAsked
	for _, reason := range reasons {
		module := reason.Driver()
		if reason.Kind == Companion && len(because[reason.Of]) > 0 {
			module = because[reason.Of][0].Driver()
		}
		if name, ok := of[module]; ok {
			return name
		}
		if reason.Kind == ByHand {
			found = r.keptByHand()
		}
	}
	return found
}
