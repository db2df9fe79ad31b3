// Package harvest takes the drivers of a Chromebook out of the root file
// systems of its shim and its recovery image: the modules of the shim's
// kernel, the firmware they ask for, and the modprobe.d files.
//
//	shim, err := harvest.OpenImage(ctx, "shim.bin", diskimage.Options{WorkDir: work})
//	defer shim.Close()
//	report, err := harvest.Run(ctx, harvest.Options{
//		Shim:     shim.FS,
//		Kernel:   harvest.Kernel{Release: "5.4.85-22160-g92cea5d5e5c3", Arch: "x86_64"},
//		Firmware: report.Needed,
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
	"sync"
	"time"

	"shimboot/tools/internal/harvest/report"
	"shimboot/tools/internal/parallel"
)

// Options for Run.
type Options struct {
	Shim     fs.ReadLinkFS // root file system of the shim
	Recovery fs.ReadLinkFS // that of the recovery image, or nil
	Names    Names         // of both in messages
	Kernel   Kernel        // zero: the one release that the shim has modules for
	Firmware report.Mode   // Needed where it is empty
	Keep     []string      // globs of firmware to keep as well, see CheckGlob
	Upstream fs.FS         // a tree of linux-firmware, or nil: to say what it has of the missing
	Time     time.Time     // of all files; 1980-01-01 where it is zero
	Words    report.Words  // for the report

	// Progress, where set, is told of the bytes read in each step.
	Progress func(step string, done, total int64)
	// Log, where set, is told of every step, one at a time.
	Log func(format string, args ...any)
}

// Names say for messages where the root file systems are, such as file and
// partition: offsets count from there. Empty, they are "shim" and "recovery".
type Names struct{ Shim, Recovery string }

func (o *Options) fill() {
	if o.Firmware == "" {
		o.Firmware = report.Needed
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
	o.Log = oneAtATime(o.Log)
}

// oneAtATime makes a log that several goroutines may write to.
func oneAtATime(log func(format string, args ...any)) func(format string, args ...any) {
	var mu sync.Mutex
	return func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		log(format, args...)
	}
}

// harvester is one run.
type harvester struct {
	Options
	out    *output
	dir    string
	roots  []*root // the one that wins first
	report *report.Report
}

// Run fills dir, which must be an empty directory, with lib/modules,
// lib/firmware, lib/modprobe.d, drivers.json, and drivers.txt, which says the
// same for people. What it leaves there after an error is of no use.
func Run(ctx context.Context, o Options, dir string) (*report.Report, error) {
	o.fill()
	into, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer into.Close()
	h := &harvester{Options: o, dir: dir, out: newOutput(into), report: report.New(o.Firmware, o.Words)}
	h.report.Recovery, h.report.Upstream = o.Recovery != nil, o.Upstream != nil
	shim := newRoot(ctx, report.Shim, o.Shim, o.Names.Shim)
	h.roots = []*root{shim}
	if o.Recovery != nil {
		h.roots = []*root{newRoot(ctx, report.Recovery, o.Recovery, o.Names.Recovery), shim}
	}
	if err := h.run(ctx, shim); err != nil {
		return nil, err
	}
	return h.report, nil
}

func (h *harvester) run(ctx context.Context, shim *root) error {
	requests, err := h.modules(ctx, shim)
	if err != nil {
		return err
	}
	// depmod, which keeps one processor busy, has nothing to do with firmware.
	err = parallel.Both(
		func() error { return h.depmod(ctx, h.report.KernelRelease, len(h.report.Modules)) },
		func() error { return h.firmware(ctx, requests) },
	)
	if err != nil {
		return err
	}
	if err := h.modprobe(ctx); err != nil {
		return err
	}
	if h.Upstream != nil {
		names, err := upstreamNames(h.Upstream)
		if err != nil {
			return err
		}
		findUpstream(h.report.Missing, names)
	}
	h.report.Finish()
	if err := h.out.writeReport(h.report); err != nil {
		return err
	}
	return h.out.finish(h.dir, h.Time)
}
