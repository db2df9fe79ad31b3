// Driver-harvest takes a Chromebook's drivers out of its shim and recovery
// image: modules, firmware and modprobe.d, with no root and no mount.
//
//	driver-harvest --shim shim.bin --recovery recovery.bin.zip --kernel-json kernel/kernel.json --out drivers
package main

import (
	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/command"
)

func main() { command.Main(app()) }

func app() *cli.App {
	return &cli.App{
		Name:  "driver-harvest",
		Usage: "take the drivers out of a ChromeOS shim and recovery image",
		Description: "Modules come from the shim. Firmware and modprobe.d come from both; the recovery image wins.\n" +
			"IMAGE is a disk image, a zip holding one, or an ext2, ext3, ext4 or squashfs file system.\n" +
			"Needs depmod, of kmod. Files get the time SOURCE_DATE_EPOCH, or 1980-01-01.\n\n" +
			"Example: driver-harvest --shim shim.bin --recovery recovery.bin.zip --kernel-json kernel/kernel.json --out drivers",
		DisableSliceFlagSeparator: true,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "shim", Usage: "`IMAGE` to take modules and firmware from", Required: true},
			&cli.StringFlag{Name: "recovery", Usage: "`IMAGE` to take newer firmware from"},
			&cli.StringFlag{Name: "kernel-json", Usage: "kern-unpack's `FILE` about the shim's kernel, which modules must fit"},
			&cli.StringFlag{
				Name: "firmware", Value: "needed",
				Usage: "take firmware by `MODE`: needed (what modules and built-in drivers ask for) or all",
			},
			&cli.StringSliceFlag{
				Name:  "keep",
				Usage: "keep firmware that matches `GLOB` as well, such as 'brcm/*.txt' or 'qca' or '**/*.hex'; may be repeated",
			},
			&cli.StringFlag{Name: "linux-firmware", Usage: "`DIR` with linux-firmware, to say what it has of the missing firmware"},
			&cli.StringFlag{Name: "out", Usage: "`DIR` to make", Required: true},
			&cli.BoolFlag{Name: "json", Usage: "print drivers.json and nothing else"},
			&cli.BoolFlag{Name: "v", Usage: "say every step"},
			command.ProgressFlag(),
		},
		Action: run,
	}
}
