package harvest

import (
	"context"
	"maps"
	"path"
	"path/filepath"
	"slices"

	"shimboot/tools/internal/compress"
)

// firmware harvests what the drivers ask for.
func (h *harvester) firmware(ctx context.Context, asks *asks) error {
	merged, err := h.scanAll(ctx)
	if err != nil {
		return err
	}
	c, err := choose(ctx, merged, asks, h.report.KernelRelease, &h.Options)
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
	for _, im := range h.images {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s, err := scan(im)
		if err != nil {
			return nil, err
		}
		h.Log("firmware: %d names in %s", len(s.tree)-1, im.name(s.root))
		h.report.Skipped = append(h.report.Skipped, s.skipped...)
		all = append(all, s.tree)
	}
	merged := all[0]
	for _, under := range all[1:] {
		var hidden tree
		merged, hidden = merge(merged, under)
		for p, n := range hidden {
			h.drop(p, n, "recovery has its own")
		}
	}
	for _, t := range all {
		for p, n := range t {
			if n.kind == deadNode {
				h.report.Dangling = append(h.report.Dangling, Dangling{path.Join(firmwareDir, p), n.im.origin, n.raw})
			}
		}
	}
	return merged, nil
}

// drop reports a file or link of an image that is not in the output.
func (h *harvester) drop(p string, n *node, reason string) {
	switch n.kind {
	case fileNode:
		h.report.Dropped = append(h.report.Dropped, Dropped{path.Join(firmwareDir, p), n.im.origin, n.size, "", reason})
	case linkNode:
		h.report.Dropped = append(h.report.Dropped, Dropped{path.Join(firmwareDir, p), n.im.origin, 0, n.raw, reason})
	}
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
	maps.DeleteFunc(c.because, func(p string, _ map[string]bool) bool {
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
		items = append(items, item{n.im, n.source, n.size, n.format, path.Join(firmwareDir, p)})
	}
	h.Log("firmware: %d files and %d links to be written", len(items), len(c.because)-len(items))
	done := make([]Firmware, len(items))
	progress := h.counter("firmware", items)
	err := each(ctx, len(items), func(i int) error {
		file, err := h.out.copy(items[i], nil)
		if err != nil {
			return err
		}
		progress.add(items[i].size)
		done[i] = Firmware{File: file, ReplacedLink: c.tree[files[i]].raw, BecauseOf: names(c.because[files[i]])}
		if f := items[i].format; f != compress.None {
			done[i].Unpacked = string(f)
		}
		return nil
	})
	h.report.Firmware = append(h.report.Firmware, done...)
	return err
}

// writeLink makes a link to another name in lib/firmware.
func (h *harvester) writeLink(p string, n *node, because map[string]bool) error {
	target, err := filepath.Rel(path.Dir(p), n.target)
	if err != nil {
		return err
	}
	dest := path.Join(firmwareDir, p)
	h.report.Firmware = append(h.report.Firmware, Firmware{
		File:   File{Path: dest, Origin: n.im.origin, Source: "/" + n.real},
		Target: target, BecauseOf: names(because),
	})
	return h.out.symlink(target, dest)
}

func names(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
