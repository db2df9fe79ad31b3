package harvest

import (
	"context"
	"debug/elf"
	"fmt"
	"os"
	"sync/atomic"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/harvest/report"
)

// modules harvests the modules of the shim and gives what they and the
// built-in drivers ask for.
func (h *harvester) modules(ctx context.Context, shim *root) (*requests, error) {
	release, dir, err := releaseDir(shim, h.Kernel.Release)
	if err != nil {
		return nil, err
	}
	h.report.KernelRelease, h.report.Arch = release, h.Kernel.Arch
	h.Log("modules of %s in %s", release, shim.name(dir))
	t := moduleTree{from: shim, dir: dir, dest: "lib/modules/" + release, seen: map[string]int{}}
	if err := t.walk("", 0); err != nil {
		return nil, err
	}
	h.report.Conflicts = append(h.report.Conflicts, t.conflicts...)
	h.report.Skipped = append(h.report.Skipped, t.skipped...)
	infos, err := h.copyModules(ctx, t.modules, release)
	if err != nil {
		return nil, err
	}
	h.Log("modules: %d files written", len(infos))
	requests := newRequests()
	for i, info := range infos {
		if err := requests.module(h.report.Modules[i].Name, info.firmware); err != nil {
			return nil, err
		}
	}
	if err := h.builtIn(&t, requests); err != nil {
		return nil, err
	}
	return requests, nil
}

// copyModules writes the modules and checks that they fit the kernel.
func (h *harvester) copyModules(ctx context.Context, items []item, release string) ([]*modinfo, error) {
	infos := make([]*modinfo, len(items))
	h.report.Modules = make([]report.Module, len(items))
	progress := h.counter("modules", items)
	var held atomic.Int64
	err := each(ctx, len(items), func(i int) error {
		file, err := h.out.copy(ctx, items[i], func(f *os.File, size int64) (err error) {
			if infos[i], err = readModinfo(f, size); err != nil {
				return err
			}
			if held.Add(infos[i].bytes()) > maxModinfos {
				return badinput.New("modules").Got("more than %d bytes of names that they ask for", maxModinfos).Want("at most that")
			}
			return infos[i].checkRelease(release)
		})
		if err != nil {
			return err
		}
		progress.add(items[i].size)
		h.report.Modules[i] = report.Module{Name: infos[i].nameOr(items[i].dest), File: file, Firmware: infos[i].firmware}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return infos, h.checkArch(items, infos)
}

// checkArch wants all modules for one machine: the kernel's, or where it is
// not known, that of the first.
func (h *harvester) checkArch(items []item, infos []*modinfo) error {
	if len(infos) == 0 {
		return nil
	}
	want := elf.Machine(0)
	if h.report.Arch == "" {
		want = infos[0].machine
		h.report.Arch = archOf(want)
	} else {
		want = machines()[h.report.Arch]
	}
	for i, info := range infos {
		if info.machine != want {
			return fmt.Errorf("%s: %w", items[i].from.name(items[i].source),
				badinput.New("module").At(elfMachineOffset).Got("code for %s", archOf(info.machine)).
					Want("%s, as the kernel", h.report.Arch))
		}
	}
	return nil
}
