package command

import (
	"os"

	"github.com/schollz/progressbar/v3"
	"github.com/urfave/cli/v2"
	"golang.org/x/term"
)

// ProgressFlag is the flag that Progress obeys.
func ProgressFlag() cli.Flag {
	return &cli.StringFlag{
		Name: "progress", Value: "auto",
		Usage: "show a progress bar `WHEN`: auto (on a terminal), always or never",
	}
}

// Progress gives a function to report done of total bytes with; it draws a
// bar on stderr, or nothing, as --progress says.
func Progress(c *cli.Context, label string) (func(done, total int64), error) {
	switch c.String("progress") {
	case "always":
	case "never":
		return func(int64, int64) {}, nil
	case "auto":
		if !term.IsTerminal(int(os.Stderr.Fd())) {
			return func(int64, int64) {}, nil
		}
	default:
		return nil, Usage("--progress %q: want auto, always or never", c.String("progress"))
	}
	var bar *progressbar.ProgressBar
	return func(done, total int64) {
		if bar == nil {
			bar = progressbar.DefaultBytes(total, label)
		}
		// A bar that cannot be drawn is no reason to fail.
		_ = bar.Set64(done)
	}, nil
}
