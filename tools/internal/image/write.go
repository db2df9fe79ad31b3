package image

import (
	"context"
	"fmt"
	"os"

	"github.com/diskfs/go-diskfs/partition/gpt"

	"shimboot/tools/internal/gptdisk"
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
	t := &gpt.Table{
		LogicalSectorSize: gptdisk.SectorSize, PhysicalSectorSize: gptdisk.SectorSize,
		ProtectiveMBR: true, GUID: p.GUID,
	}
	for _, q := range p.Partitions {
		t.Partitions = append(t.Partitions, &gpt.Partition{
			Index: q.Number, Name: q.Name, Type: gpt.Type(q.Type), GUID: q.GUID, Attributes: q.Attributes,
			Start: uint64(q.Start) / gptdisk.SectorSize,
			End:   uint64(q.Start+q.Size)/gptdisk.SectorSize - 1,
			Size:  uint64(q.Size),
		})
	}
	return t
}
