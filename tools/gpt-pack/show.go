package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/command"
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

func show(c *cli.Context) error {
	return withImage(c, func(img *opened, _ []string) error {
		list := make([]shown, 0, len(img.table.Partitions))
		for i := range img.table.Partitions {
			list = append(list, describe(img, &img.table.Partitions[i]))
		}
		if c.Bool("json") {
			return command.WriteJSON(c.App.Writer, map[string]any{
				"size": img.Size(), "guid": img.table.GUID, "partitions": list,
			})
		}
		fmt.Fprintf(c.App.Writer, "%s: %s, disk %s\n", img.path, human(img.Size()), img.table.GUID)
		return printTable(c.App.Writer, list, c.Bool("v"))
	}, "IMAGE")
}

func describe(img io.ReaderAt, p *gptdisk.Partition) shown {
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

// printTable prints the list; exact has sizes in bytes, and the GUIDs.
func printTable(w io.Writer, list []shown, exact bool) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(s *shown, cells ...string) {
		if exact {
			cells = append(cells, s.GUID)
		}
		for i := range cells {
			cells[i] = command.Printable(cells[i]) // names and labels are whatever the image says
		}
		fmt.Fprintln(t, strings.Join(cells, "\t"))
	}
	size := human
	if exact {
		size = func(n int64) string { return strconv.FormatInt(n, 10) }
	}
	row(&shown{GUID: "GUID"}, "#", "NAME", "TYPE", "START", "SIZE", "CONTENT", "LABEL", "FREE", "KERNEL")
	for i := range list {
		s := &list[i]
		kernel, free := "", ""
		if s.Type == "chromeos-kernel" {
			kernel = fmt.Sprintf("priority %d, tries %d, successful %v", s.Priority, s.Tries, s.Successful)
		}
		if s.Free != nil {
			free = size(*s.Free)
		}
		row(s, strconv.Itoa(s.Number), s.Name, s.Type, size(s.Start), size(s.Size), s.Filesystem, s.Label, free, kernel)
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
