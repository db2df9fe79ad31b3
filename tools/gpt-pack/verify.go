package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/command"
	"shimboot/tools/internal/gptdisk"
	"shimboot/tools/internal/vboot"
)

func verify(c *cli.Context) error {
	return withImage(c, func(img *opened, _ []string) error {
		problems, err := problemsOf(c, img)
		if err != nil {
			return err
		}
		if c.Bool("json") {
			err = command.WriteJSON(c.App.Writer, map[string]any{"ok": len(problems) == 0, "problems": problems})
		}
		if len(problems) > 0 {
			return badinput.New("%s", img.path).Got("%s", command.Printable(strings.Join(problems, "; "))).
				Want("an image that firmware boots")
		}
		if !c.Bool("json") {
			fmt.Fprintf(c.App.Writer, "%s: ok\n", img.path)
		}
		return err
	}, "IMAGE")
}

// problemsOf collects everything that stands against the image.
func problemsOf(c *cli.Context, img *opened) ([]string, error) {
	found, err := gptdisk.CheckFirmware(img, img.Size())
	if err != nil {
		return nil, err
	}
	problems := append([]string{}, found...) // [] in JSON, not null
	kernel, err := img.table.Kernel()
	if err != nil {
		return append(problems, err.Error()), nil
	}
	if _, err := img.table.RootOf(kernel); err != nil {
		problems = append(problems, err.Error())
	}
	blob, err := vboot.Parse(io.NewSectionReader(img, kernel.Start, kernel.Size), kernel.Size)
	if err != nil {
		return append(problems, err.Error()), nil
	}
	if _, err := blob.Verify(nil); err != nil {
		problems = append(problems, err.Error())
	}
	if shim := c.String("shim"); shim != "" {
		same, err := sameKernel(c, img, kernel, blob.Size())
		if err != nil {
			return nil, err
		}
		if !same {
			problems = append(problems, fmt.Sprintf("partition %d differs from the kernel of %s", kernel.Number, shim))
		}
	}
	return problems, nil
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
