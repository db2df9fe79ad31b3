package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/command"
	"shimboot/tools/internal/diskimage"
	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/gptdisk"
)

// shown is a partition as show prints it.
type shown struct {
	Number     int    `json:"number"`
	Name       string `json:"name"`
	Type       string `json:"type"`
	GUID       string `json:"guid"`
	Start      int64  `json:"start"`
	Size       int64  `json:"size"`
	Priority   int    `json:"priority,omitempty"`
	Tries      int    `json:"tries,omitempty"`
	Successful bool   `json:"successful,omitempty"`
	Filesystem string `json:"filesystem,omitempty"`
	Label      string `json:"label,omitempty"`
	Free       *int64 `json:"freeBytes,omitempty"`
}

func openImage(ctx context.Context, path string) (*diskimage.Image, *gptdisk.Table, error) {
	img, err := diskimage.Open(ctx, path, diskimage.Options{WorkDir: os.TempDir()})
	if err != nil {
		return nil, nil, err
	}
	table, err := gptdisk.Read(img, img.Size())
	if err != nil {
		img.Close()
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return img, table, nil
}

func show(c *cli.Context) error {
	args, err := command.Args(c, "IMAGE")
	if err != nil {
		return err
	}
	img, table, err := openImage(c.Context, args[0])
	if err != nil {
		return err
	}
	defer img.Close()
	list := make([]shown, 0, len(table.Partitions))
	for i := range table.Partitions {
		list = append(list, describe(img, &table.Partitions[i]))
	}
	if c.Bool("json") {
		return command.WriteJSON(c.App.Writer, map[string]any{
			"size": img.Size(), "guid": table.GUID, "partitions": list,
		})
	}
	fmt.Fprintf(c.App.Writer, "%s: %s, disk %s\n", args[0], human(img.Size()), table.GUID)
	return printTable(c.App.Writer, list)
}

func describe(img *diskimage.Image, p *gptdisk.Partition) shown {
	s := shown{
		Number: p.Number, Name: p.Name, Type: typeName(p.Type), GUID: p.GUID, Start: p.Start, Size: p.Size,
		Priority: p.Priority(), Tries: p.Tries(), Successful: p.Successful(),
	}
	section := io.NewSectionReader(img, p.Start, p.Size)
	if fsys, err := ext4.Open(section, p.Size); err == nil {
		free := int64(fsys.FreeBlocks()) * fsys.BlockSize()
		s.Filesystem, s.Label, s.Free = "ext", fsys.Label(), &free
		return s
	}
	head := make([]byte, 512)
	if _, err := section.ReadAt(head, 0); err == nil {
		switch {
		case string(head[54:58]) == "FAT1": // FAT12, FAT16
			s.Filesystem, s.Label = "vfat", trimmed(head[43:54])
		case string(head[82:87]) == "FAT32":
			s.Filesystem, s.Label = "vfat", trimmed(head[71:82])
		case string(head[:8]) == "CHROMEOS":
			s.Filesystem = "kernel"
		}
	}
	return s
}

func printTable(w io.Writer, list []shown) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "#\tNAME\tTYPE\tSTART\tSIZE\tCONTENT\tLABEL\tFREE\tKERNEL")
	for _, s := range list {
		kernel, free := "", ""
		if s.Type == "chromeos-kernel" {
			kernel = fmt.Sprintf("priority %d, tries %d, successful %v", s.Priority, s.Tries, s.Successful)
		}
		if s.Free != nil {
			free = human(*s.Free)
		}
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", s.Number, s.Name, s.Type,
			human(s.Start), human(s.Size), s.Filesystem, s.Label, free, kernel)
	}
	return t.Flush()
}

func typeName(guid string) string {
	switch guid {
	case gptdisk.TypeKernel:
		return "chromeos-kernel"
	case gptdisk.TypeRootfs:
		return "chromeos-rootfs"
	case gptdisk.TypeLinuxData:
		return "linux-data"
	case gptdisk.TypeEFI:
		return "efi-system"
	}
	return guid
}

func human(n int64) string {
	switch {
	case n >= 10<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d B", n)
}

func trimmed(b []byte) string {
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return string(b)
}

// state is the partition that put writes to.
func state(t *gptdisk.Table) (*gptdisk.Partition, error) {
	found := t.Label("STATE")
	if len(found) != 1 {
		return nil, badinput.New("STATE").Got("%d partitions of that name among %s", len(found), t).Want("one")
	}
	return found[0], nil
}
