package main

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"shimboot/tools/internal/bytesize"
	"shimboot/tools/internal/image"
	"shimboot/tools/internal/terminal"
)

// printPlan prints where everything goes; exact has sizes in bytes.
func printPlan(w io.Writer, p *image.Plan, exact bool) error {
	size := sizes(exact)
	fmt.Fprintf(w, "%s, disk %s\n", size(p.Size), p.GUID)
	if p.Board != "" {
		fmt.Fprintf(w, "board %s\n", terminal.Printable(p.Board))
	}
	if k := p.Kernel; k != nil {
		switch {
		case k.Fault != "":
			fmt.Fprintf(w, "kernel that cannot be looked into, so that the limit of ROOT-A is not known: %s\n", terminal.Printable(k.Fault))
		case k.TmpfsBytes == 0:
			fmt.Fprintf(w, "kernel %s, which does not say how much of ROOT-A it takes\n", terminal.Printable(k.Release))
		default:
			fmt.Fprintf(w, "kernel %s, which takes %s of ROOT-A\n", terminal.Printable(k.Release), size(k.TmpfsBytes))
		}
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\n#\tNAME\tSTART\tSIZE\tCONTENT\tIN FILES\tFREE\tGUID")
	for _, q := range p.Partitions {
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			q.Number, terminal.Printable(q.Name), size(q.Start), size(q.Size), q.Content, size(q.Bytes), size(q.Free), q.GUID)
	}
	return t.Flush()
}

// sizes gives the function that prints a number of bytes, for people or exact.
func sizes(exact bool) func(int64) string {
	if exact {
		return func(n int64) string { return strconv.FormatInt(n, 10) }
	}
	return bytesize.Format
}
