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
	"shimboot/tools/internal/command"
	"shimboot/tools/internal/gptdisk"
	"shimboot/tools/internal/image"
)

func put(c *cli.Context) error {
	return withImage(c, func(img *opened, args []string) error {
		if img.Zip() {
			return badinput.New("%s", img.path).Got("a zip").Want("an image that can be changed").Fix("unzip it")
		}
		p, err := state(img.table)
		if err != nil {
			return fmt.Errorf("%s: %w", img.path, err)
		}
		file, name := fileAndName(args[0])
		return image.Put(c.Context, img.path, p.Start, file, name)
	}, "IMAGE", "FILE[=NAME]")
}

// fileAndName takes FILE=NAME apart, where there is no file of that very name.
func fileAndName(arg string) (file, name string) {
	at := strings.LastIndexByte(arg, '=')
	if _, err := os.Lstat(arg); at < 0 || !errors.Is(err, fs.ErrNotExist) {
		return arg, filepath.Base(arg)
	}
	return arg[:at], arg[at+1:]
}

// state is the partition that put writes to.
func state(t *gptdisk.Table) (*gptdisk.Partition, error) {
	found := t.Label("STATE")
	if len(found) != 1 {
		return nil, badinput.New("STATE").Got("%d partitions of that name among %s", len(found), command.Printable(t.String())).
			Want("one")
	}
	return found[0], nil
}
