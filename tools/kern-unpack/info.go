package main

import (
	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/kernel"
)

// info describes the kernel. Firmware looks at the signatures, so a yes to
// whether it boots has to as well.
func info(c *cli.Context) error {
	return withKernel(c, func(s *source, k *kernel.Kernel) error {
		r := k.Report()
		_, bad := k.Blob.Verify(nil)
		if bad != nil {
			r.Bootable.Deny("firmware refuses it: %v", bad)
		}
		if c.Bool("json") {
			return command.WriteJSON(c.App.Writer, r)
		}
		p := &printer{w: c.App.Writer}
		p.row("image", "%s", s.from)
		p.kernel(r)
		p.fit(r.FIT)
		p.vboot(r, bad)
		p.root(r)
		p.verdict(r.Bootable)
		return p.err
	})
}
