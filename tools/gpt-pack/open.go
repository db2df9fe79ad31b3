package main

import (
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/command"
	"shimboot/tools/internal/diskimage"
	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/inspect"
	"shimboot/tools/internal/terminal"
)

// opened is an image and its partition table.
type opened struct {
	inspect.Image
	file *diskimage.Image
}

// Close frees the image.
func (o *opened) Close() error { return o.file.Close() }

// notADirectory refuses one, such as the result of a build that the image is in.
func notADirectory(path, want, name string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return badinput.New("%s", path).Got("a directory").Want("%s", want).Fix("name the %s in it", name)
	}
	return nil
}

func openImage(c *cli.Context, path string) (*opened, error) {
	if err := notADirectory(path, "an image", ".img file"); err != nil {
		return nil, err
	}
	img, err := diskimage.Open(c.Context, path, diskimage.Options{WorkDir: diskimage.ScratchDir()})
	if err != nil {
		return nil, err
	}
	table, err := gpt.Read(img, img.Size())
	if err != nil {
		img.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if table.FromBackup {
		fmt.Fprintf(c.App.ErrWriter, "gpt-pack: warning: %s: the primary partition table is damaged; this is the backup\n", terminal.Printable(path))
	}
	return &opened{inspect.Image{ReaderAt: img, Path: path, Size: img.Size(), Table: table}, img}, nil
}

// withImage opens the first argument for do, which gets the others.
func withImage(c *cli.Context, do func(img *opened, args []string) error, names ...string) error {
	args, err := command.Args(c, names...)
	if err != nil {
		return err
	}
	img, err := openImage(c, args[0])
	if err != nil {
		return err
	}
	defer img.Close()
	return do(img, args[1:])
}
