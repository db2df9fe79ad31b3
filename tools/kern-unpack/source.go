package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/bytesize"
	"shimboot/tools/internal/command"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/diskimage"
	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/kernel"
	"shimboot/tools/internal/terminal"
	"shimboot/tools/internal/vboot"
)

// source is the kernel partition of an image.
type source struct {
	*io.SectionReader
	img  *diskimage.Image
	from string // for messages: file and partition, printable

	// Of a disk: its table, and the kernel's partition.
	table *gpt.Table
	part  *gpt.Partition
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
	o := diskimage.Options{WorkDir: diskimage.ScratchDir(), Progress: progress}
	s, err := openWith(diskimage.OpenForward, c, args[0], o)
	if errors.Is(err, errNoPrimary) {
		if c.Bool("v") {
			fmt.Fprintf(c.App.ErrWriter, "zip        all of it is inflated, for the backup at its end: %s\n", terminal.Printable(err.Error()))
		}
		s, err = openWith(diskimage.Open, c, args[0], o)
	}
	if err == nil && s.table != nil && s.table.FromBackup {
		fmt.Fprintf(c.App.ErrWriter, "kern-unpack: warning: %s: the primary partition table is damaged; the backup was used\n", args[0])
	}
	return s, err
}

type opener func(context.Context, string, diskimage.Options) (*diskimage.Image, error)

func openWith(open opener, c *cli.Context, path string, o diskimage.Options) (*source, error) {
	img, err := open(c.Context, path, o)
	if err != nil {
		return nil, err
	}
	s, err := findKernel(img, c.Int("part"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", terminal.Printable(img.Name()), errors.Join(err, img.Close()))
	}
	return s, nil
}

// withKernel takes the command's argument apart for do.
func withKernel(c *cli.Context, do func(s *source, k *kernel.Kernel) error) error {
	limit, err := bytesize.Parse(c.String("max-size"))
	if err != nil {
		return command.Usage("--max-size: %v", err)
	}
	s, err := openSource(c)
	if err != nil {
		return err
	}
	defer s.Close()
	k, err := s.unpack(limit)
	if err != nil {
		return err
	}
	if err := s.readRoot(c.Context, k); err != nil {
		return err
	}
	if c.Bool("v") {
		describeZip(c.App.ErrWriter, s.img)
		describeLayers(c.App.ErrWriter, k)
	}
	return do(s, k)
}

// errNoPrimary is about a zip that is inflated on demand: its primary table is
// no good, and the backup is not at hand.
var errNoPrimary = errors.New("no primary partition table")

// findKernel takes a bare blob as it is and else looks for a partition.
func findKernel(img *diskimage.Image, part int) (*source, error) {
	magic := make([]byte, 8)
	if _, err := img.ReadAt(magic, 0); err == nil && string(magic) == "CHROMEOS" {
		if part != 0 {
			return nil, command.Usage("--part %d, but this is a kernel partition, not a disk", part)
		}
		img.Keep(0, img.Size())
		return &source{
			SectionReader: io.NewSectionReader(img, 0, img.Size()), img: img, from: terminal.Printable(img.Name()),
		}, nil
	}
	table, err := gpt.Read(img.Head(), img.Size())
	if err != nil {
		if img.Forward() {
			err = fmt.Errorf("%w: %w", errNoPrimary, err)
		}
		return nil, err
	}
	p, err := choose(table, part)
	if err != nil {
		return nil, err
	}
	img.Keep(p.Start, p.Size)
	return &source{
		SectionReader: io.NewSectionReader(img, p.Start, p.Size), img: img, table: table, part: p,
		from: terminal.Printable(fmt.Sprintf("%s, partition %d (%s)", img.Name(), p.Number, p.Name)),
	}, nil
}

func choose(t *gpt.Table, part int) (*gpt.Partition, error) {
	if part == 0 {
		return t.Kernel()
	}
	p, err := t.Number(part)
	if err != nil || p.Type == gpt.TypeKernel {
		return p, err
	}
	remedy := "this is no ChromeOS image"
	if list := kernels(t); list != "" {
		remedy = "leave --part out to take what firmware would boot, or give one of: " + list
	}
	return nil, badinput.New("partition %d (%s)", part, terminal.Printable(p.Name)).Got("type %s", p.Type).
		Want("%s, a ChromeOS kernel", gpt.TypeKernel).Fix("%s", remedy)
}

// kernels lists the partitions that --part may name.
func kernels(t *gpt.Table) string {
	var list []string
	for _, p := range t.Partitions {
		if p.Type == gpt.TypeKernel {
			list = append(list, fmt.Sprintf("%d (%s)", p.Number, terminal.Printable(p.Name)))
		}
	}
	return strings.Join(list, ", ")
}

func (s *source) parse() (*vboot.Blob, error) {
	blob, err := vboot.Parse(s, s.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.from, err)
	}
	return blob, nil
}

// unpack refuses what decompresses to more than limit bytes.
func (s *source) unpack(limit int64) (*kernel.Kernel, error) {
	blob, err := s.parse()
	if err != nil {
		return nil, err
	}
	k, err := kernel.Unpack(blob, kernel.Limits{Kernel: limit, Initramfs: limit})
	var large *compress.LimitError
	if errors.As(err, &large) {
		err = fmt.Errorf("%w; raise --max-size if the input is to be trusted", err)
	}
	if err != nil {
		// A damaged kernel fails in many ways; its signature tells.
		if _, bad := blob.Verify(nil); bad != nil {
			err = fmt.Errorf("%w; its %v: the image is damaged or was changed, fetch it again", err, bad)
		}
		return nil, fmt.Errorf("%s: %w", s.from, err)
	}
	return k, nil
}
