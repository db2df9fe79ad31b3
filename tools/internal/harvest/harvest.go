// Package harvest takes the drivers of a Chromebook out of the root file
// systems of its shim and its recovery image: the modules of the shim's
// kernel, the firmware they ask for, and the modprobe.d files.
//
//	shim, err := harvest.OpenRoot(ctx, "shim.bin", diskimage.Options{WorkDir: work})
//	defer shim.Close()
//	report, err := harvest.Run(ctx, harvest.Options{
//		Shim:     shim.FS,
//		Kernel:   harvest.Kernel{Release: "5.4.85-22160-g92cea5d5e5c3", Arch: "x86_64"},
//		Firmware: harvest.Needed,
//	}, dir)
//
// Modules come from the shim only, since they must fit its kernel; firmware
// and modprobe.d come from both, and the recovery image, which is newer, wins.
// The result is the same bytes for the same input, whatever the machine.
//
// The images are not trusted: every path is resolved here, within its image,
// and everything is written through an os.Root, so that no name and no
// symbolic link reaches out of either.
package harvest

import (
	"context"
	"io/fs"
	"os"
	"time"
)

// Mode says which firmware to keep.
type Mode string

// The modes of Options.Firmware.
const (
	Needed Mode = "needed" // what the modules and built-in drivers ask for
	All    Mode = "all"
)

// Options for Run.
type Options struct {
	Shim     fs.ReadLinkFS // root file system of the shim
	Recovery fs.ReadLinkFS // that of the recovery image, or nil
	Kernel   Kernel        // zero: the one release that the shim has modules for
	Firmware Mode          // Needed where it is empty
	Keep     []string      // globs of firmware to keep as well, see CheckGlob
	Time     time.Time     // of all files; 1980-01-01 where it is zero

	// Progress, where set, is told of the bytes read in each step.
	Progress func(step string, done, total int64)
	// Log, where set, is told of every step.
	Log func(format string, args ...any)
}

func (o *Options) fill() {
	if o.Firmware == "" {
		o.Firmware = Needed
	}
	if o.Time.IsZero() {
		o.Time = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if o.Progress == nil {
		o.Progress = func(string, int64, int64) {}
	}
	if o.Log == nil {
		o.Log = func(string, ...any) {}
	}
}

// harvester is one run.
type harvester struct {
	Options
	out    *output
	dir    string
	images []*image // the one that wins first
	report *Report
}

// Run fills dir, which must be an empty directory, with lib/modules,
// lib/firmware, lib/modprobe.d and drivers.json. What it leaves there after
// an error is of no use.
func Run(ctx context.Context, o Options, dir string) (*Report, error) {
	o.fill()
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	h := &harvester{Options: o, dir: dir, out: newOutput(root), report: newReport(o)}
	shim := &image{Shim, o.Shim}
	h.images = []*image{shim}
	if o.Recovery != nil {
		h.images = []*image{{Recovery, o.Recovery}, shim}
	}
	if err := h.run(ctx, shim); err != nil {
		return nil, err
	}
	return h.report, nil
}

func (h *harvester) run(ctx context.Context, shim *image) error {
	asks, err := h.modules(ctx, shim)
	if err != nil {
		return err
	}
	// depmod, which keeps one processor busy, has nothing to do with firmware.
	err = both(
		func() error { return h.depmod(ctx, h.report.KernelRelease, len(h.report.Modules)) },
		func() error { return h.firmware(ctx, asks) },
	)
	if err != nil {
		return err
	}
	if err := h.modprobe(ctx); err != nil {
		return err
	}
	h.report.finish()
	if err := h.out.writeReport(h.report); err != nil {
		return err
	}
	return h.out.finish(h.dir, h.Time)
}
