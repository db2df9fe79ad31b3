package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/bytesize"
	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/inspect"
	"shimboot/tools/internal/jsondoc"
	"shimboot/tools/internal/rootfs"
	"shimboot/tools/internal/terminal"
)

// shown is a partition as show prints it.
type shown struct {
	gpt.Partition        // but for its type, which has a name here
	Type          string `json:"type"`
	Priority      int    `json:"priority,omitempty"`
	Tries         int    `json:"tries,omitempty"`
	Successful    bool   `json:"successful,omitempty"`
	Boots         bool   `json:"boots,omitempty"` // firmware takes this kernel
	Content       string `json:"content,omitempty"`
	Label         string `json:"label,omitempty"`
	Used          *int64 `json:"usedBytes,omitempty"`
	Free          *int64 `json:"freeBytes,omitempty"`
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
		list := make([]shown, 0, len(img.Table.Partitions))
		boots, err := img.Table.Kernel()
		for i := range img.Table.Partitions {
			p := &img.Table.Partitions[i]
			s := describe(img, p)
			s.Boots = err == nil && boots == p
			list = append(list, s)
		}
		from := inspect.OriginOf(img, img.Table)
		if c.Bool("json") {
			return jsondoc.Write(c.App.Writer, struct {
				Size int64  `json:"size"`
				GUID string `json:"guid"`
				inspect.Origin
				Partitions []shown `json:"partitions"`
			}{img.Size, img.Table.GUID, from, list})
		}
		if err := printHeading(c.App.Writer, img, from); err != nil {
			return err
		}
		return printTable(c.App.Writer, list, c.Bool("v"))
	}, "IMAGE")
}

func printHeading(w io.Writer, img *opened, from inspect.Origin) error {
	if _, err := fmt.Fprintf(w, "%s: %s, disk %s\n", terminal.Printable(img.Path), bytesize.Format(img.Size), img.Table.GUID); err != nil {
		return err
	}
	for _, row := range [][2]string{{"board", from.Board}, {"version", from.Version}, {"system", from.System}} {
		if row[1] == "" {
			continue
		}
		if _, err := fmt.Fprintf(w, "%-8s %s\n", row[0], terminal.Printable(row[1])); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w)
	return err
}

// describe leaves out what it cannot make sense of.
func describe(img io.ReaderAt, p *gpt.Partition) shown {
	s := shown{
		Partition: *p, Type: gpt.TypeName(p.Type),
		Priority: p.Priority(), Tries: p.Tries(), Successful: p.Successful(),
	}
	holds, err := rootfs.Probe(io.NewSectionReader(img, p.Start, p.Size), p.Size)
	if err != nil || holds == nil {
		return s
	}
	s.Content, s.Label = holds.Kind, holds.Label
	if holds.Known {
		used := holds.Size - holds.Free
		s.Used, s.Free = &used, &holds.Free
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
			cells[i] = terminal.Printable(cells[i]) // names and labels are whatever the image says
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
	row(&shown{Partition: gpt.Partition{GUID: "GUID"}}, "#", "NAME", "TYPE", "START", "SIZE", "CONTENT", "LABEL", "USED", "FREE", "KERNEL")
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
