package harvest

import (
	"context"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/harvest/report"
)

// firmware harvests what the drivers ask for.
func (h *harvester) firmware(ctx context.Context, requests *requests) error {
	merged, err := h.scanAll(ctx)
	if err != nil {
		return err
	}
	c, err := choose(ctx, merged, requests, h.report.KernelRelease, &h.Options)
	if err != nil {
		return err
	}
	h.report.Missing = append(h.report.Missing, c.missing...)
	h.report.RuntimeNames = append(h.report.RuntimeNames, c.runtime...)
	c.dropEmptyLinks()
	for p, n := range merged {
		if c.because[p] == nil {
			h.drop(p, n, c.whyNot(p))
		}
	}
	return h.writeFirmware(ctx, c)
}

// scanAll reads the trees of the images and lays them over each other.
func (h *harvester) scanAll(ctx context.Context) (tree, error) {
	var all []tree
	for _, from := range h.roots {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s, err := scan(ctx, from)
		if err != nil {
			return nil, err
		}
		h.Log("firmware: %d names in %s", len(s.tree)-1, from.name(s.root))
		h.report.Skipped = append(h.report.Skipped, s.skipped...)
		all = append(all, s.tree)
	}
	merged := all[0]
	for _, under := range all[1:] {
		var hidden tree
		var err error
		if merged, hidden, err = merge(ctx, merged, under); err != nil {
			return nil, err
		}
		for p, n := range hidden {
			h.drop(p, n, "recovery has its own")
		}
	}
	for _, t := range all {
		for p, n := range t {
			if n.kind == deadNode {
				h.report.Dangling = append(h.report.Dangling, report.Dangling{
					Path: path.Join(report.FirmwareDir, p), Origin: n.from.origin, Target: n.raw,
				})
			}
		}
	}
	return merged, nil
}

// drop reports a file or link of an image that is not in the output.
func (h *harvester) drop(p string, n *node, reason string) {
	d := report.Dropped{Path: path.Join(report.FirmwareDir, p), Origin: n.from.origin, Reason: reason}
	switch n.kind {
	case fileNode:
		d.Size = n.size
	case linkNode:
		d.Target = n.raw
	default:
		return
	}
	h.report.Dropped = append(h.report.Dropped, d)
}

// dropEmptyLinks lets go of links to directories of which nothing is kept.
func (c *choice) dropEmptyLinks() {
	used := map[string]bool{}
	for p := range c.because {
		if c.tree[p].kind == fileNode {
			for p != "." {
				p = path.Dir(p)
				used[p] = true
			}
		}
	}
	maps.DeleteFunc(c.because, func(p string, _ map[report.Reason]bool) bool {
		_, at, n := c.tree.find(p)
		return n == nil || n.kind == dirNode && !used[at]
	})
}

// writeFirmware copies the files that are kept, then makes the links.
func (h *harvester) writeFirmware(ctx context.Context, c *choice) error {
	var items []item
	var files []string
	for _, p := range slices.Sorted(maps.Keys(c.because)) {
		n := c.tree[p]
		if n.kind == linkNode {
			if err := h.writeLink(p, n, c.because[p]); err != nil {
				return err
			}
			continue
		}
		files = append(files, p)
		items = append(items, item{n.from, n.source, n.size, maxBlob, n.format, path.Join(report.FirmwareDir, p)})
	}
	h.Log("firmware: %d files and %d links to be written", len(items), len(c.because)-len(items))
	done := make([]report.Firmware, len(items))
	progress := h.counter("firmware", items)
	err := each(ctx, len(items), func(i int) error {
		file, err := h.out.copy(ctx, items[i], nil)
		if err != nil {
			return err
		}
		progress.add(items[i].size)
		done[i] = report.Firmware{File: file, ReplacedLink: c.tree[files[i]].raw, BecauseOf: sorted(c.because[files[i]])}
		if f := items[i].format; f != compress.None {
			done[i].Unpacked = string(f)
		}
		return nil
	})
	h.report.Firmware = append(h.report.Firmware, done...)
	return err
}

// writeLink makes a link to another name in lib/firmware.
func (h *harvester) writeLink(p string, n *node, because map[report.Reason]bool) error {
	target, err := filepath.Rel(path.Dir(p), n.target)
	if err != nil {
		return err
	}
	dest := path.Join(report.FirmwareDir, p)
	h.report.Firmware = append(h.report.Firmware, report.Firmware{
		File:   report.File{Path: dest, Origin: n.from.origin, Source: "/" + n.real},
		Target: target, BecauseOf: sorted(because),
	})
	return h.out.symlink(target, dest)
}

// sorted gives reasons in the order of their texts.
func sorted(set map[report.Reason]bool) []report.Reason {
	return slices.SortedFunc(maps.Keys(set), func(a, b report.Reason) int { return strings.Compare(a.String(), b.String()) })
}
