package image

import (
	"context"
	"slices"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/fat"
	"shimboot/tools/internal/mtools"
	"shimboot/tools/internal/tree"
)

// vfat makes a FAT with mkfs.fat and mtools, in place in the image; the
// programs have to be on PATH. What they would fail at is refused here, before
// anything is written.
func (p *Plan) vfat(fsys *Filesystem) (*payload, error) {
	if err := fat.CheckLabel(fsys.Label); err != nil {
		return nil, err
	}
	if fsys.LinkIdentical {
		return nil, badinput.New("vfat").Got("linkIdentical").Want("no such thing; a FAT has no hard links")
	}
	if fsys.Reserved != "" {
		return nil, badinput.New("vfat").Got("reserved").Want("no such thing; a FAT has no owners")
	}
	t, err := p.sources.tree(fsys.Sources)
	if err != nil {
		return nil, err
	}
	p.private = p.private || slices.ContainsFunc(t, func(e *tree.Entry) bool {
		return e.Mode.IsRegular() && e.Size > 0 && e.Mode&othersRead == 0
	})
	need, err := fat.Measure(t)
	if err != nil {
		return nil, err
	}
	c := &payload{kind: "vfat", least: need.Least(), bytes: fileBytes(t)}
	c.place = func(start, size int64) (int64, error) {
		c.write = func(ctx context.Context, out *output) error {
			v := &mtools.Volume{Image: out.Name(), Start: start, Size: size, Time: p.sources.time}
			return v.Make(ctx, t, fsys.Label)
		}
		return need.Free(size)
	}
	return c, nil
}
