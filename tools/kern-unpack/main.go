// Kern-unpack takes the signed kernel of a ChromeOS image apart.
//
//	kern-unpack extract --out DIR shim.bin
//	kern-unpack info shim.bin
//	kern-unpack verify shim.bin
package main

import (
	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/command"
)

func main() { command.Main(app()) }

func app() *cli.App {
	json := &cli.BoolFlag{Name: "json", Usage: "as one JSON document"}
	layers := &cli.BoolFlag{Name: "v", Usage: "say what was found where"}
	maxSize := &cli.StringFlag{Name: "max-size", Value: "256MiB", Usage: "refuse what decompresses to more than `SIZE`"}
	return &cli.App{
		Name:  "kern-unpack",
		Usage: "take the signed kernel of a ChromeOS image apart",
		Description: "IMAGE is a disk image, a zip holding one, a KERN-A partition or a kernel blob.\n\n" +
			"Example: kern-unpack extract --out kernel shim.bin",
		Commands: []*cli.Command{
			{
				Name: "extract", Usage: "write the parts into a new directory", ArgsUsage: "IMAGE",
				Flags: append(sourceFlags(),
					&cli.StringFlag{Name: "out", Usage: "`DIR` to make", Required: true},
					&cli.BoolFlag{Name: "require-shim", Usage: "refuse a kernel that firmware does not start, or that does not start a changed ROOT-A"},
					maxSize, layers,
					&cli.BoolFlag{Name: "json", Usage: "print kernel.json"}),
				Action: extract,
			},
			{
				Name: "info", Usage: "describe the kernel", ArgsUsage: "IMAGE",
				Flags:  append(sourceFlags(), maxSize, layers, json),
				Action: info,
			},
			{
				Name: "verify", Usage: "check hash and signatures", ArgsUsage: "IMAGE",
				Flags: append(sourceFlags(),
					&cli.StringFlag{Name: "key", Usage: "vendor's key `FILE` (.vbpubk), to check the keyblock's signature"},
					json),
				Action: verify,
			},
		},
	}
}

func sourceFlags() []cli.Flag {
	return []cli.Flag{
		&cli.IntFlag{Name: "part", Usage: "take kernel partition `N`", DefaultText: "the one that firmware would boot"},
		command.ProgressFlag(),
	}
}
