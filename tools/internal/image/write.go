package image

import (
	"context"
	"fmt"
	"os"

	"shimboot/tools/internal/gpt"
)

// Write makes the image in f, an empty file open for reading and writing. The
// table comes last: a file that was not finished is no disk. Progress may be
// nil; it is told how many of how many bytes of contents are written.
func (p *Plan) Write(ctx context.Context, f *os.File, progress func(done, total int64)) error {
	if err := f.Truncate(p.Size); err != nil {
		return err
	}
	out := &output{File: f, report: progress}
	for i := range p.Partitions {
		out.total += p.Partitions[i].Bytes
	}
	for i := range p.Partitions {
		q := &p.Partitions[i]
		out.begin(q.Bytes)
		if err := q.write(ctx, out); err != nil {
			return fmt.Errorf("partition %d (%s): %w", q.Number, q.Name, err)
		}
		out.end()
	}
	if err := p.sources.unchanged(); err != nil {
		return err
	}
	if err := p.table().Write(f, p.Size); err != nil {
		return fmt.Errorf("partition table: %w", err)
	}
	return f.Sync()
}

func (p *Plan) table() *gpt.Table {
	t := &gpt.Table{GUID: p.GUID}
	for i := range p.Partitions {
		t.Partitions = append(t.Partitions, p.Partitions[i].Partition)
	}
	return t
}
