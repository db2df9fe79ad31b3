package image

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// WriteSummary prints the plan as a table, sizes in bytes.
func (p *Plan) WriteSummary(w io.Writer) error {
	fmt.Fprintf(w, "%d bytes, disk %s\n", p.Size, p.GUID)
	if p.Board != "" {
		fmt.Fprintf(w, "board %s\n", p.Board)
	}
	if k := p.Kernel; k != nil {
		switch {
		case k.Fault != "":
			fmt.Fprintf(w, "kernel that cannot be looked into, so that the limit of ROOT-A is not known: %s\n", k.Fault)
		case k.TmpfsBytes == 0:
			fmt.Fprintf(w, "kernel %s, which does not say how much of ROOT-A it takes\n", k.Release)
		default:
			fmt.Fprintf(w, "kernel %s, which takes %d bytes of ROOT-A\n", k.Release, k.TmpfsBytes)
		}
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "#\tSTART\tSIZE\tIN FILES\tFREE\tCONTENT\tGUID\t NAME")
	for _, q := range p.Partitions {
		fmt.Fprintf(t, "%d\t%d\t%d\t%d\t%d\t%s\t%s\t %s\n", q.Number, q.Start, q.Size, q.Bytes, q.Free, q.Content, q.GUID, q.Name)
	}
	return t.Flush()
}
