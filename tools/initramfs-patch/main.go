// Initramfs-patch lays files over an initramfs, the same bytes every time.
//
//	initramfs-patch --in initramfs.cpio --overlay DIR --remove init --out root-a.cpio
package main

import (
	"os"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/cpio"
	"shimboot/tools/internal/ctxio"
	"shimboot/tools/internal/image"
	"shimboot/tools/internal/seekable"
)

func main() { command.Main(app()) }

func app() *cli.App {
	return &cli.App{
		Name:  "initramfs-patch",
		Usage: "lay files over an initramfs",
		Description: "Everything belongs to root, all times are $SOURCE_DATE_EPOCH (1980 where unset), names are sorted;\n" +
			"device nodes and hard links of the archive are kept. Removals come before overlays, links last.\n\n" +
			"Example: initramfs-patch --in initramfs.cpio --remove init --overlay bootloader --out root-a.cpio",
		// Names may have commas in them.
		DisableSliceFlagSeparator: true,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "in", Usage: "newc archive `FILE`, uncompressed", Required: true},
			&cli.StringSliceFlag{Name: "overlay", Usage: "lay `DIR` over it; may be given several times, later ones win"},
			&cli.StringSliceFlag{Name: "remove", Usage: "remove `PATH`, with all below it"},
			&cli.StringSliceFlag{Name: "link", Usage: "make the symlink `NAME=TARGET`"},
			&cli.StringFlag{Name: "out", Usage: "newc archive `FILE` to write", Required: true},
			&cli.BoolFlag{Name: "v", Usage: "list what is removed, replaced and added"},
		},
		Action: run,
	}
}

func run(c *cli.Context) error {
	if _, err := command.Args(c); err != nil {
		return err
	}
	epoch, err := command.SourceDateEpoch()
	if err != nil {
		return err
	}
	in, err := seekable.Open(c.String("in"))
	if err != nil {
		return err
	}
	defer in.Close()
	t, err := patched(c, in, epoch)
	if err != nil {
		return err
	}
	output, err := outputFor(c)
	if err != nil {
		return err
	}
	return output(c.String("out"), func(f *os.File) error {
		return cpio.Write(ctxio.Writer(c.Context, f), t)
	})
}

// outputFor gives what makes the output: its owner's alone to read, where not
// everyone may read what goes into it.
func outputFor(c *cli.Context) (func(path string, write func(f *os.File) error) error, error) {
	for _, path := range append(c.StringSlice("overlay"), c.String("in")) {
		closed, err := image.ClosedBelow(path)
		if err != nil {
			return nil, err
		}
		if closed {
			return command.PrivateFile, nil
		}
	}
	return command.OutputFile, nil
}
