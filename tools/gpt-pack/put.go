package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/blockdev"
	"shimboot/tools/internal/command"
	"shimboot/tools/internal/diskimage"
	"shimboot/tools/internal/state"
	"shimboot/tools/internal/terminal"
)

func putCommand() *cli.Command {
	return &cli.Command{
		Name:      "put",
		Usage:     "copy a file into the STATE partition of a raw image or a stick",
		ArgsUsage: "IMAGE FILE[=NAME]",
		Description: "A file of that name is replaced; directories on the way to it are made.\n" +
			"A power cut leaves the old file or the new one, where STATE has room for both.\n" +
			"An image file is for its owner alone to read afterwards, as FILE may be a secret.\n\n" +
			"Example: gpt-pack put shimboot.img wifi-credentials.json\n" +
			"         gpt-pack put /dev/sdb my.conf=shimboot.conf",
		Action: put,
	}
}

func put(c *cli.Context) error {
	return withState(c, func(img *opened, volume *state.Volume, args []string) (err error) {
		if img.file.Zip() {
			return badinput.New("%s", img.Path).Got("a zip").Want("an image that can be changed").Fix("unzip it")
		}
		if err := blockdev.Linux().Free(img.Path); err != nil {
			return err
		}
		disk, err := blockdev.Open(img.Path)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, disk.Close()) }()
		file, name := fileAndName(args[0])
		if file == "" {
			return command.Usage("put takes FILE or FILE=NAME, not %q", args[0])
		}
		if tight, err := volume.Tight(file, name); err != nil {
			return err
		} else if tight {
			fmt.Fprintf(c.App.ErrWriter, "gpt-pack: STATE has no room for %s beside the one that it replaces; a power cut now can lose both\n", terminal.Printable(name))
		}
		private := &privateDisk{Disk: disk}
		if err := volume.Put(c.Context, private, diskimage.ScratchDir(), file, name); err != nil {
			return err
		}
		if err := private.take(); err != nil { // also where all was there already
			return err
		}
		if private.changed {
			fmt.Fprintf(c.App.ErrWriter, "gpt-pack: %s is for its owner alone to read now, as what was put there may be a secret\n", terminal.Printable(img.Path))
		}
		return disk.Sync()
	}, "IMAGE", "FILE[=NAME]")
}

// privateDisk is an image that others cannot read from the first write on.
type privateDisk struct {
	*blockdev.Disk
	private, changed bool
}

// take takes the image from the others, once.
func (d *privateDisk) take() (err error) {
	if !d.private {
		d.changed, err = d.MakePrivate()
		d.private = err == nil
	}
	return err
}

func (d *privateDisk) WriteAt(p []byte, off int64) (int, error) {
	if err := d.take(); err != nil {
		return 0, err
	}
	return d.Disk.WriteAt(p, off)
}

// withState opens the STATE partition of the first argument for do.
func withState(c *cli.Context, do func(img *opened, volume *state.Volume, args []string) error, names ...string) error {
	return withImage(c, func(img *opened, args []string) error {
		volume, err := state.Open(img, img.Table)
		if err != nil {
			return fmt.Errorf("%s: %w", img.Path, err)
		}
		return do(img, volume, args)
	}, names...)
}

// fileAndName takes FILE=NAME apart, where there is no file of that very name.
func fileAndName(arg string) (file, name string) {
	at := strings.LastIndexByte(arg, '=')
	if _, err := os.Lstat(arg); at < 0 || !errors.Is(err, fs.ErrNotExist) {
		return arg, filepath.Base(arg)
	}
	return arg[:at], arg[at+1:]
}
