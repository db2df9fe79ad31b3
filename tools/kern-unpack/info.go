package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/jsondoc"
	"shimboot/tools/internal/kernel"
	"shimboot/tools/internal/shim"
)

// info describes the kernel.
func info(c *cli.Context) error {
	return withKernel(c, func(s *source, k *kernel.Kernel) error {
		r := k.Report()
		_, bad := k.Blob.Verify(nil)
		deny(&r.Bootable, bad)
		if c.Bool("json") {
			return jsondoc.Write(c.App.Writer, r)
		}
		p := &printer{w: c.App.Writer}
		p.row("image", "%s", s.from)
		p.kernel(r)
		p.fit(r.FIT)
		p.vboot(r, bad)
		p.root(r)
		p.rules(&r.Rules)
		p.abilities(r.Abilities)
		p.verdict(r.Bootable)
		return p.err
	})
}

// deny gives bad signatures a say in whether the kernel boots, as firmware does.
func deny(v *shim.Verdict, bad error) {
	if bad != nil {
		v.Deny(fmt.Sprintf("firmware refuses it: %v", bad), "the image is damaged or was changed: fetch it again")
	}
}
