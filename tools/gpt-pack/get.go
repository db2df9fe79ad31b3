package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/jsondoc"
	"shimboot/tools/internal/state"
	"shimboot/tools/internal/terminal"
)

func getCommand() *cli.Command {
	return &cli.Command{
		Name:        "get",
		Usage:       "print a file of the STATE partition",
		ArgsUsage:   "IMAGE NAME",
		Description: "Example: gpt-pack get /dev/sdb dev_image/etc/lsb-factory",
		Flags:       []cli.Flag{&cli.StringFlag{Name: "out", Usage: "write it to `FILE` instead, for you alone to read; one that is there is replaced"}},
		Action:      get,
	}
}

func get(c *cli.Context) error {
	return withState(c, func(_ *opened, volume *state.Volume, args []string) error {
		b, err := volume.Get(args[0])
		var missing *state.NotFoundError
		if errors.As(err, &missing) {
			return fmt.Errorf("%w; see gpt-pack ls", err)
		}
		if err != nil {
			return err
		}
		if out := c.String("out"); out != "" {
			return command.PrivateFile(out, func(f *os.File) error {
				_, err := f.Write(b)
				return err
			})
		}
		_, err = c.App.Writer.Write(b)
		return err
	}, "IMAGE", "NAME")
}

func listCommand() *cli.Command {
	return &cli.Command{
		Name:        "ls",
		Usage:       "list the files of the STATE partition",
		ArgsUsage:   "IMAGE",
		Description: "Example: gpt-pack ls /dev/sdb",
		Flags:       []cli.Flag{jsonFlag()},
		Action:      list,
	}
}

func list(c *cli.Context) error {
	return withState(c, func(_ *opened, volume *state.Volume, _ []string) error {
		files, err := volume.List()
		if err != nil {
			return err
		}
		if c.Bool("json") {
			return jsondoc.Write(c.App.Writer, map[string]any{"files": append([]state.File{}, files...)})
		}
		t := tabwriter.NewWriter(c.App.Writer, 0, 0, 2, ' ', tabwriter.AlignRight)
		for _, f := range files {
			size, name := strconv.FormatInt(f.Size, 10), f.Path
			if f.Dir {
				size, name = "-", name+"/"
			}
			fmt.Fprintf(t, "%s\t%s\t %s\n", size, f.ModTime.Format(time.DateTime), terminal.Printable(name))
		}
		return t.Flush()
	}, "IMAGE")
}
