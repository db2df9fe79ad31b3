// Qemu-boot starts a disk image as a Chromebook would start a stick: it
// verifies the kernel as firmware does, then runs it under QEMU with the image
// as USB storage, and watches the serial console.
//
//	qemu-boot --key recovery_key.vbpubk --expect 'boot-report: running' shimboot.img
//	qemu-boot --key recovery_key.vbpubk --interactive shimboot.img
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"time"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/firmware"
	"shimboot/tools/internal/serial"
)

func main() { command.Main(app()) }

func app() *cli.App {
	return &cli.App{
		Name:      "qemu-boot",
		Usage:     "boot an image in a virtual machine, as firmware would",
		ArgsUsage: "IMAGE",
		Description: "The image itself is not changed. Exit code 0: the expected line came; 1: it did not;\n" +
			"2: the firmware refused the image.\n\n" +
			"Example: qemu-boot --key recovery_key.vbpubk --expect 'login:' shimboot.img",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "key", Usage: "the firmware's recovery key `FILE` (.vbpubk)", Required: true},
			&cli.StringFlag{Name: "expect", Usage: "success when a line matches `REGEXP`"},
			&cli.StringFlag{Name: "fail", Usage: "failure when a line matches `REGEXP`", Value: "Kernel panic|Freezing execution"},
			&cli.DurationFlag{Name: "timeout", Usage: "give up after this time", Value: 5 * time.Minute},
			&cli.StringFlag{Name: "show", Usage: "print `all`, condensed or none of the console", Value: "condensed"},
			&cli.BoolFlag{Name: "interactive", Usage: "connect the terminal to the console instead of watching it"},
			&cli.StringFlag{Name: "memory", Usage: "of the machine, in `MiB`", Value: "1024"},
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
	dir, err := os.MkdirTemp("", "qemu-boot-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	k, err := firmware.Load(c.Context, args[0], firmware.Options{Key: c.String("key"), Dir: dir})
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	fmt.Fprintf(c.App.Writer, "firmware: signature of KERN-A is good; kern_guid=%s\n", k.GUID)
	if c.Bool("interactive") {
		cmd := machine(c.Context, args[0], k, c.String("memory"))
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		return cmd.Run()
	}
	return watch(c, args[0], k)
}

func checkFlags(c *cli.Context) error {
	if c.Bool("interactive") == (c.String("expect") != "") {
		return command.Usage("want either --expect REGEXP or --interactive")
	}
	for _, flag := range []string{"fail", "timeout", "show"} {
		if c.Bool("interactive") && c.IsSet(flag) {
			return command.Usage("--%s has no meaning with --interactive", flag)
		}
	}
	return nil
}

// machine is the reference board: it has USB, a serial port and nothing else.
func machine(ctx context.Context, image string, k *firmware.Kernel, memory string) *exec.Cmd {
	return exec.CommandContext(ctx, "qemu-system-x86_64",
		"-M", "q35", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", memory,
		"-nodefaults", "-nographic", "-no-reboot", "-serial", "mon:stdio",
		"-kernel", k.Vmlinuz, "-append", k.Cmdline,
		// Spelled out, so that no name is taken for a protocol.
		"-drive", "driver=raw,file.driver=file,file.filename="+escape(image)+",if=none,id=stick,snapshot=on",
		"-device", "qemu-xhci", "-device", "usb-storage,drive=stick,removable=on")
}

// escape doubles the commas of a file name in a QEMU option.
func escape(path string) string {
	return regexp.MustCompile(",").ReplaceAllString(path, ",,")
}

func watch(c *cli.Context, image string, k *firmware.Kernel) (err error) {
	w, err := watcher(c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Context, c.Duration("timeout"))
	defer cancel()
	cmd := machine(ctx, image, k, c.String("memory"))
	cmd.Stderr = os.Stderr
	console, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("%w; install QEMU", err)
	}
	start := time.Now()
	line, err := w.Watch(ctx, console)
	cancel()
	_ = cmd.Wait() // killed by us, or its reason is in the console's last lines
	if err != nil {
		return fmt.Errorf("%s: %w", image, err)
	}
	fmt.Fprintf(c.App.Writer, "reached after %.1f s: %s\n", time.Since(start).Seconds(), line)
	return nil
}

func watcher(c *cli.Context) (*serial.Watcher, error) {
	expect, err := regexp.Compile(c.String("expect"))
	if err != nil {
		return nil, command.Usage("--expect: %v", err)
	}
	fail, err := regexp.Compile(c.String("fail"))
	if err != nil {
		return nil, command.Usage("--fail: %v", err)
	}
	w := &serial.Watcher{Expect: expect, Fail: fail}
	start := time.Now()
	show := func(line string) { fmt.Fprintf(c.App.Writer, "%6.1f  %s\n", time.Since(start).Seconds(), line) }
	switch c.String("show") {
	case "all":
		w.Line = show
	case "condensed":
		w.Line = func(line string) {
			if worthShowing(line) {
				show(line)
			}
		}
	case "none":
	default:
		return nil, command.Usage("--show %q: want all, condensed or none", c.String("show"))
	}
	return w, nil
}

// worthShowing picks the lines that tell a person how far the boot is: those
// of the shim, the bootloader and systemd's targets, and whatever went wrong.
// Command lines are left out, as they name much that could go wrong.
func worthShowing(line string) bool {
	telling := regexp.MustCompile(`^shim: |^shimboot: |^boot-report: |Linux version |\] Reached target|` +
		`(?i)welcome to|panic|failed|error|prohibited|freezing`)
	return telling.MatchString(line) && !regexp.MustCompile(`(?i)command line: `).MatchString(line)
}
