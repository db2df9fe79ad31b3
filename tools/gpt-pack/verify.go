package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/inspect"
	"shimboot/tools/internal/jsondoc"
	"shimboot/tools/internal/terminal"
)

func verifyCommand() *cli.Command {
	return &cli.Command{
		Name:      "verify",
		Usage:     "check an image by the firmware's rules",
		ArgsUsage: "IMAGE",
		Description: "Prints a line for each check, and what to do where one fails.\n\n" +
			"Example: gpt-pack verify --shim shim.bin shimboot.img",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "shim", Usage: "check that the kernel is byte for byte that of `IMAGE`"},
			jsonFlag(),
		},
		Action: verify,
	}
}

func verify(c *cli.Context) error {
	return withImage(c, func(img *opened, _ []string) error {
		checks, err := checksOf(c, img)
		if err != nil {
			return err
		}
		var failed []string
		for _, k := range checks {
			if !k.OK {
				failed = append(failed, k.Name)
			}
		}
		if c.Bool("json") {
			err = jsondoc.Write(c.App.Writer, struct {
				OK     bool            `json:"ok"`
				Checks []inspect.Check `json:"checks"`
			}{len(failed) == 0, checks})
		} else {
			err = printChecks(c.App.Writer, img.Path, checks, c.String("shim") != "")
		}
		if err == nil && len(failed) > 0 {
			return badinput.New("%s: %d of %d checks failed: %s", img.Path, len(failed), len(checks), strings.Join(failed, ", "))
		}
		return err
	}, "IMAGE")
}

// checksOf compares with the --shim's kernel, where there is one.
func checksOf(c *cli.Context, img *opened) ([]inspect.Check, error) {
	if c.String("shim") == "" {
		return inspect.Checks(c.Context, &img.Image, nil)
	}
	shim, err := openImage(c, c.String("shim"))
	if err != nil {
		return nil, err
	}
	defer shim.Close()
	return inspect.Checks(c.Context, &img.Image, &shim.Image)
}

// printChecks prints a line for each, and more for those that fail.
func printChecks(w io.Writer, path string, checks []inspect.Check, compared bool) error {
	failed := slices.ContainsFunc(checks, func(k inspect.Check) bool { return !k.OK })
	if !failed {
		fmt.Fprintf(w, "%s: ok, as firmware wants it\n", terminal.Printable(path))
	} else {
		fmt.Fprintf(w, "%s: not as it should be\n", terminal.Printable(path))
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, k := range checks {
		if k.OK {
			fmt.Fprintf(t, "  ok\t%s\t%s\n", k.Name, terminal.Printable(k.Note))
		}
		for _, problem := range k.Problems {
			fmt.Fprintf(t, "  FAIL\t%s\t%s\n", k.Name, terminal.Printable(problem))
		}
		if k.Remedy != "" {
			fmt.Fprintf(t, "  \t\t%s\n", terminal.Printable("→ "+k.Remedy))
		}
	}
	fmt.Fprintln(t, "  -\tkeyblock signature\tnot checked: its key is in the Chromebook; kern-unpack verify --key does, where one has it")
	if !compared {
		fmt.Fprintln(t, "  -\tshim's kernel\tnot compared; --shim SHIM does")
	}
	return t.Flush()
}
