// Package depthcharge does what a Chromebook's firmware does with a stick in
// recovery mode, as far as a virtual machine needs it: choose the kernel, check
// its signature against the vendor's recovery key, load it, and put the
// partition's GUID into its command line.
//
//	k, err := depthcharge.Load(ctx, "shimboot.img", depthcharge.Options{Key: "recovery_key.vbpubk", Dir: tmp})
//	exec.Command("qemu-system-x86_64", "-kernel", k.Vmlinuz, "-append", k.Cmdline, …)
//
// Signature and kernel are handled by vboot's own vbutil_kernel, so that no
// code of this project judges an image of this project.
package depthcharge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/diskimage"
	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/vboot"
)

// Options for Load.
type Options struct {
	Key string // the recovery key, .vbpubk
	Dir string // directory for the kernel
}

// Kernel is what the firmware starts.
type Kernel struct {
	Vmlinuz string // file
	Cmdline string // as the kernel sees it
	GUID    string // of the partition it came from, lower case
}

// Load runs all checks. A disk or kernel that firmware would refuse is bad
// input.
func Load(ctx context.Context, path string, o Options) (*Kernel, error) {
	img, err := diskimage.Open(ctx, path, diskimage.Options{WorkDir: o.Dir})
	if err != nil {
		return nil, err
	}
	defer img.Close()
	problems, err := gpt.CheckFirmware(img, img.Size())
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		return nil, badinput.New("%s", path).Got("%s", strings.Join(problems, "; ")).Want("a disk that firmware accepts")
	}
	table, err := gpt.Read(img, img.Size())
	if err != nil {
		return nil, err
	}
	p, err := table.Kernel()
	if err != nil {
		return nil, err
	}
	partition := io.NewSectionReader(img, p.Start, p.Size)
	k := &Kernel{Vmlinuz: filepath.Join(o.Dir, "vmlinuz"), GUID: strings.ToLower(p.GUID)}
	if err := loadVerified(ctx, partition, o, k.Vmlinuz); err != nil {
		return nil, err
	}
	blob, err := vboot.Parse(partition, p.Size)
	if err != nil {
		return nil, err
	}
	// depthcharge: src/boot/commandline.c, and what it adds itself.
	k.Cmdline = strings.ReplaceAll(blob.Cmdline(), "%U", k.GUID) + " cros_secure"
	return k, nil
}

// loadVerified checks the signatures and takes the kernel out, both with
// vbutil_kernel.
func loadVerified(ctx context.Context, partition io.Reader, o Options, vmlinuz string) error {
	file := filepath.Join(o.Dir, "kernel.bin")
	if _, err := os.Stat(o.Key); err != nil {
		return err
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, partition)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if out, err := run(ctx, "vbutil_kernel", "--verify", file, "--signpubkey", o.Key); err != nil {
		var status *exec.ExitError
		if ctx.Err() != nil || !errors.As(err, &status) {
			return errors.Join(ctx.Err(), err)
		}
		return badinput.New("kernel partition").Got("%q", out).
			Want("a signature of the recovery key").Fix("firmware refuses this stick")
	}
	if out, err := run(ctx, "vbutil_kernel", "--get-vmlinuz", file, "--vmlinuz-out", vmlinuz); err != nil {
		return fmt.Errorf("vbutil_kernel --get-vmlinuz: %w: %s", err, out)
	}
	return nil
}

// run gives the last line of what the program complains of.
func run(ctx context.Context, name string, args ...string) (string, error) {
	var stderr strings.Builder
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stderr = &stderr
	err := cmd.Run()
	lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
	return lines[len(lines)-1], err
}
