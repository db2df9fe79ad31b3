package main

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/depthcharge"
)

// attachments are the kinds of storage, with the QEMU devices that a drive of
// each needs. A card's size has to be a power of two.
var attachments = map[string][]string{
	"usb":    {"usb-storage,removable=on,drive="},
	"nvme":   {"nvme,serial=shimboot,drive="},
	"sd":     {"sdhci-pci", "sd-card,drive="},
	"virtio": {"virtio-blk-pci,drive="},
	// Not plugged in, for a script to do with device_add.
	"later": nil,
}

// disk is an image and how the machine has it. What is written goes into a
// file that is forgotten, unless it is to be kept.
type disk struct {
	id, kind, file string
	keep           bool
	record         string // a file for the log of what is written, or empty
	bad            []int  // sectors of which the first write fails
}

// disks gives the image as "stick", and those of --disk as "disk1" and on.
func disks(image, attach string, keep bool, more []string) ([]disk, error) {
	list := []disk{{id: "stick", kind: attach, file: image, keep: keep}}
	for i, spec := range more {
		kind, file, ok := strings.Cut(spec, "=")
		if !ok {
			return nil, command.Usage("--disk %q: want KIND=FILE", spec)
		}
		list = append(list, disk{id: fmt.Sprintf("disk%d", i+1), kind: kind, file: file})
	}
	for _, d := range list {
		if _, ok := attachments[d.kind]; !ok {
			return nil, command.Usage("%q is no kind of disk: want usb, nvme, sd, virtio or later", d.kind)
		}
	}
	return list, nil
}

// options are QEMU's. Names of files are spelled out, so that none is taken
// for a protocol, and their commas doubled.
func (d disk) options(throttle string) []string {
	drive := d.driver() + ",if=none,id=" + d.id
	if !d.keep {
		drive += ",snapshot=on"
	}
	if throttle != "" && d.id == "stick" {
		drive += ",throttling.bps-total=" + throttle
	}
	options := []string{"-drive", drive}
	for _, device := range attachments[d.kind] {
		if strings.HasSuffix(device, "=") {
			device += d.id
		}
		options = append(options, "-device", device)
	}
	return options
}

// driver is how QEMU reaches the file.
func (d disk) driver() string {
	file := "file.driver=file,file.filename=" + escaped(d.file)
	switch {
	case d.record != "":
		// The count of entries is written with each: the machine is killed in the end.
		return "driver=blklogwrites,log-sector-size=512,log-super-update-interval=1," +
			"log.driver=file,log.filename=" + escaped(d.record) + "," + file
	case len(d.bad) > 0:
		driver := "driver=raw,file.driver=blkdebug,file.image.driver=file,file.image.filename=" + escaped(d.file)
		for i, sector := range d.bad {
			rule := fmt.Sprintf(",file.inject-error.%d.", i)
			driver += rule + "event=write_aio" + rule + "iotype=write" + rule + "once=on" + rule + fmt.Sprintf("sector=%d", sector)
		}
		return driver
	}
	return "driver=raw," + file
}

func escaped(file string) string { return strings.ReplaceAll(file, ",", ",,") }

// hardware is the reference board: it has storage, a serial port, and nothing
// else unless asked for.
type hardware struct {
	disks    []disk
	memory   string // MiB
	throttle string // bytes a second, or empty
	screen   bool   // VGA and a keyboard
	reboots  bool   // goes on after a reboot, where it otherwise ends
	monitor  string // QMP's socket, or empty: keys on the terminal
}

func (h hardware) command(ctx context.Context, k *depthcharge.Kernel) *exec.Cmd {
	args := []string{
		"-M", "q35", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", h.memory,
		"-nodefaults", "-display", "none",
		"-kernel", k.Vmlinuz, "-append", k.Cmdline,
		"-device", "qemu-xhci,id=usb",
	}
	for _, d := range h.disks {
		args = slices.Concat(args, d.options(h.throttle))
	}
	if h.monitor != "" {
		args = append(args, "-serial", "stdio", "-qmp", "unix:"+h.monitor+",server=on,wait=off")
	} else {
		args = append(args, "-serial", "mon:stdio")
	}
	if h.screen {
		args = append(args, "-device", "VGA")
	}
	if !h.reboots {
		args = append(args, "-no-reboot")
	}
	return exec.CommandContext(ctx, "qemu-system-x86_64", args...)
}
