package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"shimboot/tools/internal/harvest"
	"shimboot/tools/internal/kernel"
	"shimboot/tools/internal/rootfs"
)

// errForward is about a zip, which is inflated no further than the kernel.
var errForward = errors.New("ROOT-A is not looked into while it is in a zip")

// readRoot adds to k what the root beside it knows of it. Nothing depends on
// that, so a root that is none leaves it unknown; only an interrupt is an error.
func (s *source) readRoot(ctx context.Context, k *kernel.Kernel) error {
	if s.table == nil { // nothing but a kernel
		return nil
	}
	build, err := s.build(ctx, k.Release)
	if build != nil {
		k.Modules = build.Modules
		if k.Config == nil && build.Config != nil {
			k.Config, k.ConfigFile, k.ConfigFault = build.Config, build.ConfigFile, nil
		}
	}
	if err != nil && k.Config == nil {
		k.ConfigFault = cmp.Or(k.ConfigFault, err)
	}
	return ctx.Err()
}

func (s *source) build(ctx context.Context, release string) (*harvest.Build, error) {
	if s.img.Forward() {
		return nil, errForward
	}
	part, err := s.table.RootOf(s.part)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("partition %d (%s)", part.Number, part.Name)
	root, err := rootfs.Open(io.NewSectionReader(s.img, part.Start, part.Size), part.Size)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return harvest.ReadBuild(ctx, root.FS, name, release)
}
