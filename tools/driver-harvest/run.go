package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/diskimage"
	"shimboot/tools/internal/harvest"
	"shimboot/tools/internal/harvest/report"
	"shimboot/tools/internal/jsondoc"
	"shimboot/tools/internal/terminal"
)

// shown is how many lines of each list are printed; drivers.txt has them all.
const shown = 10

func run(c *cli.Context) error {
	if err := checkFlags(c); err != nil {
		return err
	}
	o, err := options(c)
	if err != nil {
		return err
	}
	shim, err := openRoot(c, o, "shim")
	if err != nil {
		return err
	}
	defer shim.Close()
	o.Shim, o.Names.Shim = shim.FS, shim.Name
	if c.IsSet("recovery") {
		recovery, err := openRoot(c, o, "recovery")
		if err != nil {
			return err
		}
		defer recovery.Close()
		o.Recovery, o.Names.Recovery = recovery.FS, recovery.Name
	}
	var found *report.Report
	err = command.OutputDir(outDir(c), func(dir string) (err error) {
		found, err = harvest.Run(c.Context, *o, dir)
		return err
	})
	var releases *harvest.ReleasesError
	if errors.As(err, &releases) {
		return fmt.Errorf("%w; say which with --kernel-json", err)
	}
	if err != nil {
		return err
	}
	if c.Bool("json") {
		return jsondoc.Write(c.App.Writer, found)
	}
	_, err = fmt.Fprint(c.App.Writer, found.Text(shown))
	return err
}

func outDir(c *cli.Context) string { return filepath.Clean(c.String("out")) }

func checkFlags(c *cli.Context) error {
	if _, err := command.Args(c); err != nil {
		return err
	}
	switch report.Mode(c.String("firmware")) {
	case report.Needed, report.All:
	default:
		return command.Usage("--firmware %q: want needed or all", c.String("firmware"))
	}
	for _, glob := range c.StringSlice("keep") {
		if err := harvest.CheckGlob(glob); err != nil {
			return command.Usage("--keep %q: want a pattern of paths below lib/firmware (%v)", glob, err)
		}
	}
	return nil
}

func options(c *cli.Context) (*harvest.Options, error) {
	o := &harvest.Options{
		Firmware: report.Mode(c.String("firmware")), Keep: c.StringSlice("keep"),
		Words: words(),
	}
	var err error
	if o.Time, err = command.SourceDateEpoch(); err != nil {
		return nil, err
	}
	if o.Progress, err = progress(c); err != nil {
		return nil, err
	}
	if c.Bool("v") {
		o.Log = func(format string, args ...any) {
			fmt.Fprintln(c.App.ErrWriter, terminal.Printable(fmt.Sprintf(format, args...)))
		}
	}
	if c.IsSet("linux-firmware") {
		dir := c.String("linux-firmware")
		if _, err := os.ReadDir(dir); err != nil {
			return nil, fmt.Errorf("--linux-firmware: %w", err)
		}
		o.Upstream = os.DirFS(dir)
	}
	if c.IsSet("kernel-json") {
		o.Kernel, err = readKernel(c.String("kernel-json"))
	}
	return o, err
}

// words are the flags that a report can advise.
func words() report.Words {
	return report.Words{Keep: "--keep", All: "--firmware all", Upstream: "--linux-firmware DIR"}
}

// progress draws a bar for each step.
func progress(c *cli.Context) (func(step string, done, total int64), error) {
	// The flag is checked even where no bar comes to be drawn.
	if _, err := command.Progress(c, ""); err != nil {
		return nil, err
	}
	var current string
	var bar func(done, total int64)
	return func(step string, done, total int64) {
		if bar == nil || step != current {
			current = step
			bar, _ = command.Progress(c, step)
		}
		bar(done, total)
	}, nil
}

func readKernel(path string) (k harvest.Kernel, err error) {
	f, err := os.Open(path)
	if err != nil {
		return k, err
	}
	k, err = harvest.ReadKernel(f)
	if err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return k, errors.Join(err, f.Close())
}

// openRoot opens the image that a flag names.
func openRoot(c *cli.Context, o *harvest.Options, flag string) (*harvest.Image, error) {
	root, err := harvest.OpenImage(c.Context, c.String(flag), diskimage.Options{
		WorkDir:  filepath.Dir(outDir(c)),
		Progress: func(done, total int64) { o.Progress("inflating "+flag, done, total) },
	})
	if err != nil {
		return nil, err
	}
	if c.Bool("v") {
		fmt.Fprintf(c.App.ErrWriter, "%s: %s: %s\n", flag, terminal.Printable(root.Name), terminal.Printable(root.About))
	}
	if root.Unclean {
		fmt.Fprintf(c.App.ErrWriter, "%s: warning: %s: its journal was not replayed; what was written last may be missing\n",
			c.App.Name, terminal.Printable(root.Name))
	}
	return root, nil
}
