package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/command"
	"shimboot/tools/internal/diskimage"
	"shimboot/tools/internal/gptdisk"
	"shimboot/tools/internal/image"
	"shimboot/tools/internal/vboot"
)

func verify(c *cli.Context) error {
	args, err := command.Args(c, "IMAGE")
	if err != nil {
		return err
	}
	img, table, err := openImage(c.Context, args[0])
	if err != nil {
		return err
	}
	defer img.Close()
	problems, err := problemsOf(c.Context, img, table, c.String("shim"))
	if err != nil {
		return err
	}
	if c.Bool("json") {
		if problems == nil {
			problems = []string{}
		}
		err = command.WriteJSON(c.App.Writer, map[string]any{"ok": len(problems) == 0, "problems": problems})
	}
	if len(problems) > 0 {
		return badinput.New("%s", args[0]).Got("%s", strings.Join(problems, "; ")).Want("an image that firmware boots")
	}
	if !c.Bool("json") {
		fmt.Fprintf(c.App.Writer, "%s: ok\n", args[0])
	}
	return err
}

// problemsOf collects everything that stands against the image.
func problemsOf(ctx context.Context, img *diskimage.Image, table *gptdisk.Table, shim string) ([]string, error) {
	problems, err := gptdisk.CheckFirmware(img, img.Size())
	if err != nil {
		return nil, err
	}
	kernel, err := table.Kernel()
	if err != nil {
		return append(problems, err.Error()), nil
	}
	if _, err := table.RootOf(kernel); err != nil {
		problems = append(problems, err.Error())
	}
	blob, err := vboot.Parse(io.NewSectionReader(img, kernel.Start, kernel.Size), kernel.Size)
	if err != nil {
		return append(problems, err.Error()), nil
	}
	if _, err := blob.Verify(nil); err != nil {
		problems = append(problems, err.Error())
	}
	if shim != "" {
		same, err := sameKernel(ctx, img, kernel, blob.Size(), shim)
		if err != nil {
			return nil, err
		}
		if !same {
			problems = append(problems, fmt.Sprintf("partition %d differs from the kernel of %s", kernel.Number, shim))
		}
	}
	return problems, nil
}

// sameKernel compares the blob's bytes with those of the shim's kernel.
func sameKernel(ctx context.Context, img *diskimage.Image, p *gptdisk.Partition, size int64, shim string) (bool, error) {
	other, table, err := openImage(ctx, shim)
	if err != nil {
		return false, err
	}
	defer other.Close()
	q, err := table.Kernel()
	if err != nil {
		return false, fmt.Errorf("%s: %w", shim, err)
	}
	if q.Size < size {
		return false, nil
	}
	a, b := make([]byte, 1<<20), make([]byte, 1<<20)
	for off := int64(0); off < size && ctx.Err() == nil; off += int64(len(a)) {
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
	return true, ctx.Err()
}

func put(c *cli.Context) error {
	args, err := command.Args(c, "IMAGE", "FILE[=NAME]")
	if err != nil {
		return err
	}
	img, table, err := openImage(c.Context, args[0])
	if err != nil {
		return err
	}
	defer img.Close()
	p, err := state(table)
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	file, name, ok := strings.Cut(args[1], "=")
	if !ok {
		name = path.Base(file)
	}
	return image.Put(c.Context, args[0], p.Start, file, name)
}
