package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/blockdev"
	"shimboot/tools/internal/bytesize"
	"shimboot/tools/internal/command"
	"shimboot/tools/internal/flash"
	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/inspect"
	"shimboot/tools/internal/terminal"
)

const howToBoot = `
To boot it, with developer mode on:
  1. Hold Esc and Refresh, and press Power: the Chromebook shows its recovery screen.
     (A tablet: hold both volume buttons and Power for ten seconds.)
     (Is developer mode off? Press Ctrl+D there, follow the words, and start again at 1.)
  2. Plug the stick in. The boot menu comes up by itself.
`

func flashCommand() *cli.Command {
	return &cli.Command{
		Name:      "flash",
		Usage:     "write an image to a stick and read it back",
		ArgsUsage: "IMAGE DEVICE",
		Description: "IMAGE may be raw, or a .zip or .zst of one. Without DEVICE, lists the sticks and\n" +
			"cards there are. DEVICE may be a file that exists, as large as the stick would be.\n\n" +
			"An image that is cut off is refused before DEVICE is touched. That one is damaged is\n" +
			"found before where the file has at most 256 MiB, or with --check; else while it is\n" +
			"written, and DEVICE boots nothing then. A raw image has nothing to tell damage by.\n\n" +
			"Example: gpt-pack flash shimboot.img\n" +
			"         gpt-pack flash shimboot.img /dev/sdb",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "force", Usage: "write to a disk that is built in, or a file that is no disk image, if its `NAME` is that of DEVICE"},
			&cli.StringFlag{Name: "guids", Usage: "give the disk and its partitions `WHICH` GUIDs: own (fresh and random) or image (those of IMAGE)", DefaultText: "own for a device, image for a file"},
			&cli.BoolFlag{Name: "check", Usage: "read IMAGE to its end before DEVICE is touched, however large it is: damage is found by a zip's checksum, or a zstd file's that has one"},
			command.ProgressFlag(),
		},
		Action: flashImage,
	}
}

func flashImage(c *cli.Context) error {
	if c.NArg() < 2 {
		return listSticks(c)
	}
	args, err := command.Args(c, "IMAGE", "DEVICE")
	if err != nil {
		return err
	}
	if err := notADirectory(args[0], "an image", ".img file"); err != nil {
		return err
	}
	src, err := flash.Open(c.Context, args[0])
	var rules *gpt.RulesError
	if errors.As(err, &rules) {
		return fmt.Errorf("%w; see gpt-pack verify", err)
	}
	if err != nil {
		return err
	}
	defer src.Close()
	disk, err := openTarget(args[0], args[1], c.String("force"))
	if err != nil {
		return err
	}
	own, err := giveGUIDs(c.String("guids"), src, disk)
	if err != nil {
		return errors.Join(err, disk.Close())
	}
	return flashTo(c, src, disk, args[0], own)
}

// flashTo writes to a disk, closes it, and says what came of it.
func flashTo(c *cli.Context, src *flash.Source, disk *target, image string, own bool) error {
	result, err := writeImage(c, src, disk, image)
	reread := disk.Reread() // also of what was written in part, so that it forgets the old table
	from := originOf(disk, src.Table, err)
	if err := errors.Join(err, disk.Close()); err != nil {
		return fmt.Errorf("%s: %w", disk.path, err)
	}
	if reread != nil {
		fmt.Fprintf(c.App.ErrWriter, "gpt-pack: warning: %s: the kernel did not read the new table (%v): pull the stick out before you use it here\n", terminal.Printable(disk.path), reread)
	}
	warnOfNamed(c.App.ErrWriter, src.Table, result.Named)
	fmt.Fprintf(c.App.Writer, "%s: done. %s of data and %s of zeros written and read back; %s that file systems do not use left as they were.\n",
		terminal.Printable(disk.path), bytesize.Format(result.Data), bytesize.Format(result.Zeros), bytesize.Format(result.Kept))
	if own {
		fmt.Fprintf(c.App.Writer, "It has GUIDs of its own, unlike any other stick of this image: disk %s.\n", src.Table.GUID)
	}
	return printNext(c.App.Writer, src.Table, from)
}

// originOf asks a stick what is on it now, unless writing it failed: it may hang
// or hold anything then, and the failure is to be said first.
func originOf(disk io.ReaderAt, table *gpt.Table, failed error) inspect.Origin {
	if failed != nil {
		return inspect.Origin{}
	}
	return inspect.OriginOf(disk, table)
}

// printNext says what the stick is good for. Of a shim as it comes, or a
// recovery image, only its maker can.
func printNext(w io.Writer, table *gpt.Table, from inspect.Origin) error {
	if !slices.ContainsFunc(table.Partitions, inspect.IsRoot) {
		_, err := fmt.Fprintf(w, "It is no image of shimboot, as it has no partition %sNAME, and was written as it is.\n", inspect.RootPrefix)
		return err
	}
	if from.Board != "" {
		fmt.Fprintf(w, "It has %s for Chromebooks of the board %s, and starts on no others.\n",
			terminal.Printable(cmp.Or(from.System, "a system")), terminal.Printable(from.Board))
	}
	_, err := fmt.Fprint(w, howToBoot)
	return err
}

// writeImage finds what can be found before the disk is touched, and writes.
func writeImage(c *cli.Context, src *flash.Source, disk *target, image string) (*flash.Result, error) {
	var progress flash.Progress
	var checking func(done, total int64)
	for label, f := range map[string]*func(done, total int64){
		"checking": &checking, "writing": &progress.Writing, "reading back": &progress.Checking,
	} {
		var err error
		if *f, err = command.Progress(c, label); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(src.Fits(disk.Size()), c.Context.Err()); err != nil {
		return nil, err
	}
	if c.Bool("check") || src.Packed() <= flash.CheapToCheck {
		if err := flash.Check(c.Context, image, checking); err != nil {
			return nil, fmt.Errorf("%w; nothing was written", err)
		}
	}
	fmt.Fprintf(c.App.ErrWriter, "Writing %s to %s; what is on it now is lost.\n", terminal.Printable(image), disk)
	if err := disk.takeFromOthers(c.App.ErrWriter, image); err != nil {
		return nil, err
	}
	return flash.Write(c.Context, src, disk, progress)
}

// listSticks is for who named no device. It is no success: nothing is flashed.
func listSticks(c *cli.Context) error {
	sticks, err := blockdev.Linux().Removable()
	if err != nil {
		return err
	}
	if err := printSticks(c.App.Writer, sticks); err != nil {
		return err
	}
	if c.NArg() == 0 {
		return command.Usage("flash takes an image and a device: gpt-pack flash IMAGE DEVICE")
	}
	return command.Usage("flash takes a device: gpt-pack flash %s DEVICE", c.Args().First())
}

func printSticks(w io.Writer, sticks []blockdev.Device) error {
	if len(sticks) == 0 {
		_, err := fmt.Fprintln(w, "No stick or card is plugged in.")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "DEVICE\tSIZE\tMODEL\tUSE")
	for i := range sticks {
		d, use := &sticks[i], ""
		if err := d.Check(""); err != nil {
			use = err.Error()
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", d.Path(), bytesize.Format(d.Size), terminal.Printable(d.Model), terminal.Printable(use))
	}
	return t.Flush()
}
