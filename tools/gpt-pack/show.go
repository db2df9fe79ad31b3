package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/fat"
	"shimboot/tools/internal/gptdisk"
	"shimboot/tools/internal/vboot"
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
	Boots      bool   `json:"boots,omitempty"` // firmware takes this kernel
	Content    string `json:"content,omitempty"`
	Label      string `json:"label,omitempty"`
	Used       *int64 `json:"usedBytes,omitempty"`
	Free       *int64 `json:"freeBytes,omitempty"`
}

func showCommand() *cli.Command {
	return &cli.Command{
		Name:      "show",
		Usage:     "list an image's partitions",
		ArgsUsage: "IMAGE",
		Description: "IMAGE may be raw, a zip of a raw one, or a disk.\n\n" +
			"Example: gpt-pack show shimboot.img",
		Flags:  []cli.Flag{jsonFlag(), &cli.BoolFlag{Name: "v", Usage: "sizes in bytes, and GUIDs"}},
		Action: show,
	}
}

func show(c *cli.Context) error {
	return withImage(c, func(img *opened, _ []string) error {
		list := make([]shown, 0, len(img.table.Partitions))
		boots, err := img.table.Kernel()
		for i := range img.table.Partitions {
			p := &img.table.Partitions[i]
			s := describe(img, p)
			s.Boots = err == nil && boots == p
			list = append(list, s)
		}
		from := originOf(img, img.table)
		if c.Bool("json") {
			return command.WriteJSON(c.App.Writer, struct {
				Size int64  `json:"size"`
				GUID string `json:"guid"`
				origin
				Partitions []shown `json:"partitions"`
			}{img.Size(), img.table.GUID, from, list})
		}
		if err := printHeading(c.App.Writer, img, from); err != nil {
			return err
		}
		return printTable(c.App.Writer, list, c.Bool("v"))
	}, "IMAGE")
}

func printHeading(w io.Writer, img *opened, from origin) error {
	if _, err := fmt.Fprintf(w, "%s: %s, disk %s\n", img.path, command.Size(img.Size()), img.table.GUID); err != nil {
		return err
	}
	for _, row := range [][2]string{{"board", from.Board}, {"version", from.Version}, {"system", from.System}} {
		if row[1] == "" {
			continue
		}
		if _, err := fmt.Fprintf(w, "%-8s %s\n", row[0], command.Printable(row[1])); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w)
	return err
}

func describe(img io.ReaderAt, p *gptdisk.Partition) shown {
	s := shown{
		Number: p.Number, Name: p.Name, Type: typeName(p.Type), GUID: p.GUID, Start: p.Start, Size: p.Size,
		Priority: p.Priority(), Tries: p.Tries(), Successful: p.Successful(),
	}
	section := io.NewSectionReader(img, p.Start, p.Size)
	holds := func(content, label string, size, free int64) {
		used := size - free
		s.Content, s.Label, s.Used, s.Free = content, label, &used, &free
	}
	if fsys, err := ext4.Open(section, p.Size); err == nil {
		bs := fsys.BlockSize()
		holds(extName(fsys), fsys.Label(), int64(fsys.Blocks())*bs, int64(fsys.FreeBlocks())*bs)
	} else if fsys, err := fat.Open(section, p.Size); err == nil {
		holds("vfat", fsys.Label(), fsys.Size(), fsys.Free())
	} else if blob, err := vboot.Parse(section, p.Size); err == nil {
		holds("kernel", "", p.Size, p.Size-blob.Size())
	}
	return s
}

// extName tells by the features what mkfs would have been asked for.
func extName(fsys *ext4.FS) string {
	has := func(feature string) bool { return slices.Contains(fsys.Features(), feature) }
	switch {
	case has("extent"):
		return "ext4"
	case has("has_journal"):
		return "ext3"
	}
	return "ext2"
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
		fmt.Fprintln(t, strings.TrimRight(strings.Join(cells, "\t"), "\t"))
	}
	format := sizes(exact)
	size := func(n *int64) string {
		if n == nil {
			return ""
		}
		return format(*n)
	}
	row(&shown{GUID: "GUID"}, "#", "NAME", "TYPE", "START", "SIZE", "CONTENT", "LABEL", "USED", "FREE", "KERNEL")
	for i := range list {
		s := &list[i]
		row(s, strconv.Itoa(s.Number), s.Name, s.Type, size(&s.Start), size(&s.Size), s.Content, s.Label,
			size(s.Used), size(s.Free), attributes(s))
	}
	return t.Flush()
}

// attributes are what firmware chooses a kernel by.
func attributes(s *shown) string {
	if s.Type != "chromeos-kernel" {
		return ""
	}
	text := fmt.Sprintf("priority %d, tries %d", s.Priority, s.Tries)
	if s.Successful {
		text += ", successful"
	}
	if s.Boots {
		text += ": boots"
	}
	return text
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
