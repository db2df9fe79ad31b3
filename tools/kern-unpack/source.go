package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/command"
	"shimboot/tools/internal/diskimage"
	"shimboot/tools/internal/gptdisk"
	"shimboot/tools/internal/kernel"
	"shimboot/tools/internal/vboot"
)

// source is the kernel partition of an image.
type source struct {
	*io.SectionReader
	img  *diskimage.Image
	from string // for messages: file and partition, printable

	fromBackup bool // the partition table was
}

func (s *source) Close() error { return s.img.Close() }

// openSource opens the command's argument and finds the kernel in it.
func openSource(c *cli.Context) (*source, error) {
	args, err := command.Args(c, "IMAGE")
	if err != nil {
		return nil, err
	}
	progress, err := command.Progress(c, "inflating")
	if err != nil {
		return nil, err
	}
	img, err := diskimage.Open(c.Context, args[0], diskimage.Options{WorkDir: diskimage.ScratchDir(), Progress: progress})
	if err != nil {
		return nil, err
	}
	s, err := findKernel(img, c.Int("part"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", command.Printable(img.Name()), errors.Join(err, img.Close()))
	}
	if s.fromBackup {
		fmt.Fprintf(c.App.ErrWriter, "kern-unpack: warning: %s: the primary partition table is damaged; the backup was used\n", args[0])
	}
	return s, nil
}

// withKernel takes the command's argument apart for do.
func withKernel(c *cli.Context, do func(s *source, k *kernel.Kernel) error) error {
	s, err := openSource(c)
	if err != nil {
		return err
	}
	defer s.Close()
	k, err := s.unpack(c)
	if err != nil {
		return err
	}
	if c.Bool("v") {
		describeLayers(c.App.ErrWriter, k)
	}
	return do(s, k)
}

// findKernel takes a bare blob as it is and else looks for a partition.
func findKernel(img *diskimage.Image, part int) (*source, error) {
	magic := make([]byte, 8)
	if _, err := img.ReadAt(magic, 0); err == nil && string(magic) == "CHROMEOS" {
		if part != 0 {
			return nil, command.Usage("--part %d, but this is a kernel partition, not a disk", part)
		}
		return &source{
			SectionReader: io.NewSectionReader(img, 0, img.Size()), img: img, from: command.Printable(img.Name()),
		}, nil
	}
	table, err := gptdisk.Read(img, img.Size())
	if err != nil {
		return nil, err
	}
	p, err := choose(table, part)
	if err != nil {
		return nil, err
	}
	return &source{
		SectionReader: io.NewSectionReader(img, p.Start, p.Size), img: img, fromBackup: table.FromBackup,
		from: command.Printable(fmt.Sprintf("%s, partition %d (%s)", img.Name(), p.Number, p.Name)),
	}, nil
}

func choose(t *gptdisk.Table, part int) (*gptdisk.Partition, error) {
	if part == 0 {
		return t.Kernel()
	}
	p, err := t.Number(part)
	if err == nil && p.Type != gptdisk.TypeKernel {
		return nil, badinput.New("partition %d (%s)", part, command.Printable(p.Name)).Got("type %s", p.Type).
			Want("%s, a ChromeOS kernel", gptdisk.TypeKernel)
	}
	return p, err
}

func (s *source) parse() (*vboot.Blob, error) {
	blob, err := vboot.Parse(s, s.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.from, err)
	}
	return blob, nil
}

func (s *source) unpack(c *cli.Context) (*kernel.Kernel, error) {
	blob, err := s.parse()
	if err != nil {
		return nil, err
	}
	limit := c.Int64("max-size")
	k, err := kernel.Unpack(blob, kernel.Limits{Kernel: limit, Initramfs: limit})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.from, err)
	}
	return k, nil
}
