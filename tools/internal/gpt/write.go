package gpt

import (
	"bytes"
	"io"

	diskfs "github.com/diskfs/go-diskfs/partition/gpt"
)

// File is what a table is written to.
type File interface {
	io.WriterAt
	Sync() error
}

// Write writes the protective MBR and both copies of the table to a disk of
// size bytes, the backup first, each copy's parts in turn and synced, so that
// a whole copy is there at any time once there was one.
func (t *Table) Write(f File, size int64) error {
	table := &diskfs.Table{
		LogicalSectorSize: SectorSize, PhysicalSectorSize: SectorSize,
		ProtectiveMBR: true, GUID: t.GUID,
	}
	for _, p := range t.Partitions {
		table.Partitions = append(table.Partitions, &diskfs.Partition{
			Index: p.Number, Name: p.Name, Type: diskfs.Type(p.Type), GUID: p.GUID, Attributes: p.Attributes,
			Start: uint64(p.Start) / SectorSize,
			End:   uint64(p.Start+p.Size)/SectorSize - 1,
			Size:  uint64(p.Size),
		})
	}
	return table.Write(&writable{&file{io.NewSectionReader(bytes.NewReader(nil), 0, 0)}, f}, size)
}

// writable is the file that go-diskfs wants; writing a table reads nothing.
type writable struct {
	*file
	File
}
