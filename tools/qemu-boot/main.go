// Qemu-boot starts a disk image as a Chromebook would start a stick: it
// verifies the kernel as firmware does, then runs it under QEMU with the image
// as USB storage, and watches the serial console.
//
//	qemu-boot --key recovery_key.vbpubk --expect 'boot-report: running' shimboot.img
//	qemu-boot --key recovery_key.vbpubk --script choose-second.script --disk nvme=other.img shimboot.img
//	qemu-boot --key recovery_key.vbpubk --interactive shimboot.img
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/blockdev"
	"shimboot/tools/internal/command"
	"shimboot/tools/internal/depthcharge"
)

func main() { command.Main(app()) }

func app() *cli.App {
	return &cli.App{
		Name:      "qemu-boot",
		Usage:     "boot an image in a virtual machine, as firmware would",
		ArgsUsage: "IMAGE",
		Description: "The image itself is not changed, unless --keep is given. Exit code 0: what was expected came; 1: it did not;\n" +
			"2: the firmware refused the image.\n\n" +
			"Example: qemu-boot --key recovery_key.vbpubk --expect 'login:' shimboot.img",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "key", Usage: "the firmware's recovery key `FILE` (.vbpubk)", Required: true},
			&cli.StringFlag{Name: "expect", Usage: "success when the console's text matches `REGEXP`"},
			&cli.StringFlag{Name: "script", Usage: "do the steps of `FILE`: lines expect REGEXP, send \"TEXT\", qmp JSON, pause DURATION"},
			&cli.StringFlag{Name: "fail", Usage: "failure when a line matches `REGEXP`", Value: "Kernel panic|Freezing execution"},
			&cli.DurationFlag{Name: "timeout", Usage: "give up after `DURATION`, without what the machine waited for a processor", Value: 5 * time.Minute},
			&cli.StringFlag{Name: "show", Usage: "print `WHAT` of the console: all, condensed or none", Value: "condensed"},
			&cli.BoolFlag{Name: "interactive", Usage: "connect the terminal to the console instead of watching it"},
			&cli.StringFlag{Name: "memory", Usage: "of the machine, in `MiB`", Value: "1024"},
			&cli.StringFlag{Name: "attach", Usage: "have the image as `KIND`: usb, nvme, sd or virtio", Value: "usb"},
			&cli.BoolFlag{Name: "keep", Usage: "write to the image itself, for a look at it afterwards"},
			&cli.StringFlag{Name: "record-writes", Usage: "with --keep, log each write and flush of the image to `FILE`, as dm-log-writes does"},
			&cli.IntSliceFlag{Name: "bad-sector", Usage: "with --keep, fail the first write to this `SECTOR` of the image"},
			&cli.StringSliceFlag{Name: "disk", Usage: "a further disk, `KIND=FILE`; kind \"later\" is for a script to plug in"},
			&cli.StringFlag{Name: "throttle", Usage: "read and write the image with this many `BYTES` a second"},
			&cli.BoolFlag{Name: "screen", Usage: "a VGA screen, for a script to take pictures of"},
			&cli.BoolFlag{Name: "reboots", Usage: "go on when the machine reboots"},
		},
		Action: run,
	}
}

func run(c *cli.Context) error {
	args, err := command.Args(c, "IMAGE")
	if err != nil {
		return err
	}
	if err := checkFlags(c); err != nil {
		return err
	}
	disks, err := disks(args[0], c.String("attach"), c.Bool("keep"), c.StringSlice("disk"))
	if err != nil {
		return err
	}
	if c.Bool("keep") {
		if err := blockdev.Linux().Free(args[0]); err != nil {
			return err
		}
	}
	disks[0].bad = c.IntSlice("bad-sector")
	if disks[0].record = c.String("record-writes"); disks[0].record != "" {
		if err := os.WriteFile(disks[0].record, nil, 0o666); err != nil {
			return err
		}
	}
	dir, err := os.MkdirTemp("", "qemu-boot-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	k, err := depthcharge.Load(c.Context, args[0], depthcharge.Options{Key: c.String("key"), Dir: dir})
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	fmt.Fprintf(c.App.Writer, "firmware: signature of KERN-A is good; kern_guid=%s\n", k.GUID)
	h := hardware{
		disks: disks, memory: c.String("memory"), throttle: c.String("throttle"),
		screen: c.Bool("screen"), reboots: c.Bool("reboots"),
	}
	if c.Bool("interactive") {
		cmd := h.command(c.Context, k)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		return cmd.Run()
	}
	if err := watch(c, h, k, dir); err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	return nil
}

func checkFlags(c *cli.Context) error {
	ways := 0
	for _, flag := range []string{"interactive", "expect", "script"} {
		if c.IsSet(flag) {
			ways++
		}
	}
	if ways != 1 {
		return command.Usage("want one of --expect REGEXP, --script FILE and --interactive")
	}
	for _, flag := range []string{"record-writes", "bad-sector"} {
		if c.IsSet(flag) && !c.Bool("keep") {
			return command.Usage("--%s has no meaning without --keep: what is forgotten is not written to the image", flag)
		}
	}
	if c.IsSet("record-writes") && c.IsSet("bad-sector") {
		return command.Usage("--record-writes and --bad-sector cannot be had at once")
	}
	for _, flag := range []string{"fail", "timeout", "show"} {
		if c.Bool("interactive") && c.IsSet(flag) {
			return command.Usage("--%s has no meaning with --interactive", flag)
		}
	}
	return nil
}
