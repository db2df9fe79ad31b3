// Package blockdev finds the disks of this machine, says what they are in use
// for, and opens one to write an image to:
//
//	sticks, err := blockdev.Linux().Removable()
//	dev, err := blockdev.Linux().Device("/dev/sdb")
//	err = dev.Check("")
//	err = blockdev.Linux().Free("shimboot.img") // a disk or a file
//	disk, err := blockdev.Open("/dev/sdb")
//
// It reads sysfs, /proc/self/mountinfo and /proc/swaps (Linux'
// Documentation/ABI/stable/sysfs-block and filesystems/proc.rst), and asks loop
// devices what they hold (loop(4)).
package blockdev

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"shimboot/tools/internal/badinput"
)

// Host is where a machine tells of its disks.
type Host struct {
	Sys, Proc, Dev string
}

// Linux is this machine.
func Linux() Host { return Host{"/sys", "/proc", "/dev"} }

// Device is a disk.
type Device struct {
	Name       string // such as sdb; its node is /dev/sdb
	Size       int64  // bytes; 0 where there is no medium in it
	Model      string
	Transport  string // usb, sd, or nothing that is known
	Removable  bool   // can be pulled out: by its own word, or as a USB or SD disk is
	ReadOnly   bool
	SectorSize int64
	Uses       []Use
}

// Use is a mount, swap space, or a device that holds another: of the disk
// itself, of a partition, or of what is stacked on one.
type Use struct {
	On      string // block device, such as sdb1, or the file
	As      string // a path, or "swap"
	Release string // the command that ends it
}

// Path is the device's node.
func (d *Device) Path() string { return "/dev/" + d.Name }

// Removable lists the disks that can be pulled out and have a medium.
func (h Host) Removable() ([]Device, error) {
	entries, err := os.ReadDir(filepath.Join(h.Sys, "block"))
	if err != nil {
		return nil, err
	}
	optical := regexp.MustCompile(`^(sr|fd)[0-9]+$`) // drives of discs and floppies
	var out []Device
	for _, e := range entries {
		if optical.MatchString(e.Name()) {
			continue
		}
		d, err := h.disk(e.Name())
		if err != nil {
			return nil, err
		}
		if d.Removable && d.Size > 0 {
			out = append(out, *d)
		}
	}
	return out, nil
}

// Device finds a disk by the path of its node. A partition is refused.
func (h Host) Device(path string) (*Device, error) {
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		return nil, &os.PathError{Op: "stat", Path: path, Err: err}
	}
	if st.Mode&unix.S_IFMT != unix.S_IFBLK {
		return nil, badinput.New("%s", path).Got("no block device").Want("a whole disk, such as /dev/sdb")
	}
	return h.number(number(st.Rdev))
}

// number is a device's as sysfs writes it.
func number(dev uint64) string { return fmt.Sprintf("%d:%d", unix.Major(dev), unix.Minor(dev)) }

// number finds a disk by "major:minor".
func (h Host) number(number string) (*Device, error) {
	dir, err := filepath.EvalSymlinks(filepath.Join(h.Sys, "dev/block", number))
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, "partition")); err == nil {
		whole := filepath.Base(filepath.Dir(dir))
		return nil, badinput.New("%s", filepath.Base(dir)).Got("a partition").Want("a whole disk").
			Fix("did you mean /dev/%s?", whole)
	}
	return h.disk(filepath.Base(dir))
}

func (h Host) disk(name string) (*Device, error) {
	dir, err := filepath.EvalSymlinks(filepath.Join(h.Sys, "block", name))
	if err != nil {
		return nil, err
	}
	d := &Device{Name: name, SectorSize: 512}
	attributes := attributes{dir: dir}
	d.Size = attributes.number("size") * 512 // always of 512 bytes
	d.ReadOnly = attributes.number("ro") == 1
	if n := attributes.number("queue/logical_block_size"); n > 0 {
		d.SectorSize = n
	}
	d.Model = strings.TrimSpace(attributes.text("device/vendor") + " " + attributes.text("device/model"))
	switch kind := attributes.text("device/type"); {
	case regexp.MustCompile(`/usb[0-9]+/`).MatchString(dir):
		d.Transport = "usb"
	case strings.HasPrefix(name, "mmcblk") && kind == "SD": // "MMC" is soldered to the board
		d.Transport, d.Model = "sd", attributes.text("device/name")
	}
	d.Removable = d.Transport != "" || attributes.number("removable") == 1
	if attributes.err != nil {
		return nil, attributes.err
	}
	d.Uses, err = h.uses(name)
	return d, err
}

// attributes reads the files of a directory in sysfs.
type attributes struct {
	dir string
	err error
}

// text is "" where there is no such file.
func (a *attributes) text(name string) string {
	b, err := os.ReadFile(filepath.Join(a.dir, name))
	if err != nil && !os.IsNotExist(err) && a.err == nil {
		a.err = err
	}
	return strings.TrimSpace(string(b))
}

func (a *attributes) number(name string) int64 {
	text := a.text(name)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil && a.err == nil {
		a.err = fmt.Errorf("%s: %w", filepath.Join(a.dir, name), err)
	}
	return n
}

// System gives a use by the running system, nil where there is none.
func (d *Device) System() *Use {
	at := slices.IndexFunc(d.Uses, func(u Use) bool {
		first, _, _ := strings.Cut(strings.TrimPrefix(u.As, "/"), "/")
		return slices.Contains([]string{"", "swap", "boot", "nix", "usr", "var", "home"}, first)
	})
	if at < 0 {
		return nil
	}
	return &d.Uses[at]
}
