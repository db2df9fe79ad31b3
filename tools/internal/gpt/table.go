// Package gpt reads and writes the partition table of a ChromeOS disk, checks
// it by the firmware's rules, and picks the kernel that firmware would pick.
//
//	t, err := gpt.Read(r, size)
//	kernel, err := t.Kernel()
//	root, err := t.RootOf(kernel)
//	problems, err := gpt.CheckFirmware(r, size)
//	err = t.Write(file, size)
//
// Partition numbers are not in the order of the disk. GUIDs are in the usual
// upper-case text form. The bytes are go-diskfs' to read and write; reading
// falls back to the backup at the end of the disk.
package gpt

import (
	"fmt"
	"io"
	"strings"

	diskfs "github.com/diskfs/go-diskfs/partition/gpt"

	"shimboot/tools/internal/badinput"
)

// SectorSize of every image this project reads or writes.
const SectorSize = 512

// Table is a partition table in use.
type Table struct {
	GUID       string
	Partitions []Partition // by number
	// FromBackup says that the primary table was damaged.
	FromBackup bool
}

// Read reads the table of a disk of size bytes. A table or partition that
// reaches past size is an error.
func Read(r io.ReaderAt, size int64) (*Table, error) {
	if err := checkCompressed(r); err != nil {
		return nil, err
	}
	if err := checkSize(size); err != nil {
		return nil, err
	}
	masked, misshapen, err := hideMisshapen(r, size)
	if err != nil {
		return nil, err
	}
	table, err := diskfs.Read(&file{SectionReader: io.NewSectionReader(masked, 0, size)}, SectorSize, SectorSize)
	if err != nil && misshapen != nil {
		return nil, misshapen
	}
	if err != nil {
		return nil, badinput.New("GPT").At(SectorSize).Got("none that can be read").
			Want("a primary or backup table").Fix("the input is no disk image, or it is cut off")
	}
	t := &Table{GUID: strings.ToUpper(table.GUID), FromBackup: table.RecoveredFromBackup}
	for i, p := range table.Partitions {
		if p == nil || p.Type == diskfs.Unused {
			continue
		}
		number := p.Index
		if number == 0 {
			number = i + 1
		}
		if p.End < p.Start || p.Start > uint64(size)/SectorSize || p.End >= uint64(size)/SectorSize {
			return nil, badinput.New("partition %d (%s)", number, p.Name).Got("sectors %d to %d", p.Start, p.End).
				Want("sectors of an image of %d bytes", size).Fix("the image is cut off: fetch it again")
		}
		t.Partitions = append(t.Partitions, Partition{
			Number: number, Name: p.Name,
			Type: strings.ToUpper(string(p.Type)), GUID: strings.ToUpper(p.GUID),
			Start: int64(p.Start) * SectorSize, Size: int64(p.End-p.Start+1) * SectorSize,
			Attributes: p.Attributes,
		})
	}
	return t, nil
}

// checkSize refuses what cannot hold one table; the arithmetic on sectors
// depends on it.
func checkSize(size int64) error {
	if least := int64(firstUsableLeast * SectorSize); size < least {
		return badinput.New("partition table").Got("an image of %d bytes", size).Want("at least %d", least)
	}
	return nil
}

// Number finds a partition by its number.
func (t *Table) Number(n int) (*Partition, error) {
	for i := range t.Partitions {
		if t.Partitions[i].Number == n {
			return &t.Partitions[i], nil
		}
	}
	return nil, badinput.New("partition %d", n).Got("%s", t).Want("one of that number")
}

// Label finds the partitions of a name.
func (t *Table) Label(name string) []*Partition {
	var found []*Partition
	for i := range t.Partitions {
		if t.Partitions[i].Name == name {
			found = append(found, &t.Partitions[i])
		}
	}
	return found
}

// String lists the partitions for messages.
func (t *Table) String() string {
	if len(t.Partitions) == 0 {
		return "no partitions"
	}
	var b strings.Builder
	for i, p := range t.Partitions {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%d %s", p.Number, p.Name)
	}
	return "partitions " + b.String()
}
