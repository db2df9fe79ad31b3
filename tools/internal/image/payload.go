package image

import (
	"context"
	"fmt"
	"io"
	"time"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/mkext4"
	"shimboot/tools/internal/seekable"
	"shimboot/tools/internal/tree"
	"shimboot/tools/internal/vboot"
)

// payload opens and measures the content of a partition.
func (p *Plan) payload(ps *PartitionSpec, id ids) (*payload, error) {
	c := ps.Content
	given := 0
	for _, set := range []bool{c.Raw != nil, c.Vfat != nil, c.Ext2 != nil, c.Ext4 != nil} {
		if set {
			given++
		}
	}
	if given > 1 {
		return nil, badinput.New("content").Got("%d kinds in one", given).Want("one of raw, vfat, ext2, ext4")
	}
	switch {
	case c.Raw != nil:
		return p.raw(c.Raw, ps.is(gpt.TypeKernel))
	case c.Vfat != nil:
		return p.vfat(c.Vfat)
	case c.Ext2 != nil:
		return p.ext(c.Ext2, mkext4.Ext2, id, ps.Name)
	case c.Ext4 != nil:
		return p.ext(c.Ext4, mkext4.Ext4, id, ps.Name)
	}
	return &payload{
		kind:  "empty",
		place: func(_, size int64) (int64, error) { return size, nil },
		write: func(context.Context, *output) error { return nil },
	}, nil
}

// raw copies a file. In a kernel partition it has to be a kernel blob that
// firmware could parse.
func (p *Plan) raw(r *Raw, isKernel bool) (*payload, error) {
	f, err := p.sources.keep(r.Path)
	if err != nil {
		return nil, err
	}
	bytes, err := seekable.Size(f)
	if err != nil {
		return nil, err
	}
	if isKernel {
		if _, err := vboot.Parse(f, bytes); err != nil {
			return nil, fmt.Errorf("%s: %w", r.Path, err)
		}
	}
	c := &payload{kind: "raw", least: bytes, bytes: bytes}
	var at int64
	c.place = func(start, size int64) (int64, error) {
		at = start
		return size - c.bytes, nil
	}
	c.write = func(ctx context.Context, out *output) error {
		w := &sectionWriter{ctx, out, at}
		n, err := io.Copy(io.NewOffsetWriter(w, 0), io.NewSectionReader(f, 0, c.bytes))
		if err == nil && n != c.bytes {
			err = fmt.Errorf("%s: ended after %d of %d bytes", r.Path, n, c.bytes)
		}
		return err
	}
	return c, nil
}

// ext makes an ext2 or ext4 file system.
func (p *Plan) ext(fsys *Filesystem, kind mkext4.Kind, id ids, name string) (*payload, error) {
	if len(fsys.Label) > 16 {
		return nil, badinput.New("%s label", kind).Got("%q, %d bytes", fsys.Label, len(fsys.Label)).Want("at most 16")
	}
	t, err := p.sources.packed(fsys.Sources)
	if err != nil {
		return nil, err
	}
	if fsys.LinkIdentical {
		if err := t.LinkIdentical(p.sources.ctx); err != nil {
			return nil, err
		}
	}
	reserved, err := parseReserve(fsys.Reserved)
	if err != nil {
		return nil, err
	}
	o := mkext4.Options{
		Kind: kind, Label: fsys.Label, Time: p.sources.time, Reserved: reserved,
		UUID: id.of("filesystem", name), HashSeed: id.of("directory hash", name),
	}
	if o.Time.Unix() <= 0 {
		o.Time = time.Unix(1, 0).UTC() // zero means "never" to e2fsck
	}
	inodes, err := mkext4.NewInodeSet(t, o)
	if err != nil {
		return nil, badinput.New("%s file system", kind).Got("%v", err)
	}
	p.private = p.private || closedIn(t)
	least, err := inodes.Least()
	if err != nil {
		return nil, badinput.New("%s file system", kind).Got("%v", err)
	}
	c := &payload{kind: kind.String(), least: least, bytes: inodes.Bytes()}
	c.place = func(start, size int64) (int64, error) {
		plan, err := inodes.Plan(size)
		if err != nil {
			return 0, badinput.New("%s file system", kind).Got("%v", err)
		}
		c.write = func(ctx context.Context, out *output) error { return plan.Write(&sectionWriter{ctx, out, start}) }
		return int64(plan.FreeBlocks()) * 4096, nil
	}
	return c, nil
}

func fileBytes(t tree.Tree) int64 {
	var n int64
	for _, e := range t {
		if !e.IsHardlink() {
			n += e.Size
		}
	}
	return n
}
