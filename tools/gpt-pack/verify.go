package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/command"
	"shimboot/tools/internal/gptdisk"
	"shimboot/tools/internal/vboot"
)

// check is one thing that was looked at.
type check struct {
	Name     string   `json:"name"`
	OK       bool     `json:"ok"`
	Note     string   `json:"note,omitempty"`     // what was found, where it is as it should be
	Problems []string `json:"problems,omitempty"` // what was found, where it is not
	Remedy   string   `json:"remedy,omitempty"`
}

// newCheck passes where there are no problems.
func newCheck(name, note, remedy string, problems ...string) check {
	if len(problems) == 0 {
		return check{Name: name, OK: true, Note: note}
	}
	return check{Name: name, Problems: problems, Remedy: remedy}
}

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
			err = command.WriteJSON(c.App.Writer, struct {
				OK     bool    `json:"ok"`
				Checks []check `json:"checks"`
			}{len(failed) == 0, checks})
		} else {
			err = printChecks(c.App.Writer, img.path, checks, c.String("shim") != "")
		}
		if err == nil && len(failed) > 0 {
			return badinput.New("%s", img.path).Got("%d of %d checks that fail: %s", len(failed), len(checks), strings.Join(failed, ", ")).
				Want("an image that firmware boots")
		}
		return err
	}, "IMAGE")
}

// checksOf looks at everything that firmware does, and at the shim's kernel.
func checksOf(c *cli.Context, img *opened) ([]check, error) {
	problems, err := gptdisk.CheckFirmware(img, img.Size())
	if err != nil {
		return nil, err
	}
	checks := []check{newCheck("partition tables", "primary and backup keep firmware's rules and are equal",
		fmt.Sprintf("cgpt repair %s, where one of the two is whole; else make the image again", img.path), problems...)}
	kernel, err := img.table.Kernel()
	if err != nil {
		return append(checks, newCheck("kernel", "", "cgpt add -i NUMBER -P 10 -T 5 -S 1 "+img.path+" has firmware boot it", err.Error())), nil
	}
	checks = append(checks,
		newCheck("kernel", fmt.Sprintf("partition %d (%s) is what firmware boots: priority %d, tries %d, successful %t",
			kernel.Number, kernel.Name, kernel.Priority(), kernel.Tries(), kernel.Successful()), ""),
		checkRoot(img.table, kernel))
	signed, size := checkSigned(img, kernel)
	checks = append(checks, signed...)
	if shim := c.String("shim"); shim != "" && size > 0 {
		same, err := sameKernel(c, img, kernel, size)
		if err != nil {
			return nil, err
		}
		k := newCheck("shim's kernel", fmt.Sprintf("%d bytes, the same as in %s", size, shim), "")
		if !same {
			k = newCheck(k.Name, "", "compare with the shim that the image was made from, or make it again from this one",
				fmt.Sprintf("partition %d differs from the kernel of %s", kernel.Number, shim))
		}
		checks = append(checks, k)
	}
	return checks, nil
}

func checkRoot(t *gptdisk.Table, kernel *gptdisk.Partition) check {
	root, err := t.RootOf(kernel)
	if err != nil {
		return newCheck("root", "", "make the image again, with ROOT-A right behind its kernel", err.Error())
	}
	return newCheck("root", fmt.Sprintf("partition %d (%s), where the kernel looks for it", root.Number, root.Name), "")
}

// checkSigned checks what the kernel is signed with, and gives its size, 0
// where it is none.
func checkSigned(img io.ReaderAt, p *gptdisk.Partition) ([]check, int64) {
	const remedy = "the kernel is not as it was signed: make the image again, from an undamaged shim"
	blob, err := vboot.Parse(io.NewSectionReader(img, p.Start, p.Size), p.Size)
	if err != nil {
		return []check{newCheck("signed kernel", "", remedy, err.Error())}, 0
	}
	found, _ := blob.Verify(nil) // its error is that of the first check
	checks := make([]check, len(found))
	for i, f := range found {
		checks[i] = newCheck(f.Name, f.Note, "")
		if !f.OK {
			checks[i] = newCheck(f.Name, "", remedy, f.Note)
		}
	}
	return checks, blob.Size()
}

// printChecks prints a line for each, and more for those that fail.
func printChecks(w io.Writer, path string, checks []check, compared bool) error {
	failed := slices.ContainsFunc(checks, func(k check) bool { return !k.OK })
	if !failed {
		fmt.Fprintf(w, "%s: ok, as firmware wants it\n", path)
	} else {
		fmt.Fprintf(w, "%s: not as it should be\n", path)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, k := range checks {
		if k.OK {
			fmt.Fprintf(t, "  ok\t%s\t%s\n", k.Name, command.Printable(k.Note))
		}
		for _, problem := range k.Problems {
			fmt.Fprintf(t, "  FAIL\t%s\t%s\n", k.Name, command.Printable(problem))
		}
		if k.Remedy != "" {
			fmt.Fprintf(t, "  \t\t%s\n", command.Printable("→ "+k.Remedy))
		}
	}
	fmt.Fprintln(t, "  -\tkeyblock signature\tnot checked: its key is in the Chromebook; kern-unpack verify --key does, where one has it")
	if !compared {
		fmt.Fprintln(t, "  -\tshim's kernel\tnot compared; --shim SHIM does")
	}
	return t.Flush()
}

// sameKernel compares the blob's bytes with those of the --shim's kernel.
func sameKernel(c *cli.Context, img *opened, p *gptdisk.Partition, size int64) (bool, error) {
	other, err := openImage(c, c.String("shim"))
	if err != nil {
		return false, err
	}
	defer other.Close()
	q, err := other.table.Kernel()
	if err != nil {
		return false, fmt.Errorf("%s: %w", other.path, err)
	}
	if q.Size < size {
		return false, nil
	}
	a, b := make([]byte, 1<<20), make([]byte, 1<<20)
	for off := int64(0); off < size && c.Context.Err() == nil; off += int64(len(a)) {
		n := min(int64(len(a)), size-off)
		if _, err := img.ReadAt(a[:n], p.Start+off); err != nil && !errors.Is(err, io.EOF) {
			return false, err
		}
		if _, err := other.ReadAt(b[:n], q.Start+off); err != nil && !errors.Is(err, io.EOF) {
			return false, err
		}
		if !bytes.Equal(a[:n], b[:n]) {
			return false, nil
		}
	}
	return true, c.Context.Err()
}
