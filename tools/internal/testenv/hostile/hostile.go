// Package hostile makes small inputs that ask for very much: memory, room or
// time. Each is as valid as can be but for that.
package hostile

import (
	"bytes"
	"errors"
	"testing"

	"shimboot/tools/internal/gpt"
)

// Partition is a content and what it is called.
type Partition struct {
	Name, Type string
	Content    []byte
}

// ChromeOS are the partitions of a disk: STATE, a kernel that firmware boots, its
// root.
func ChromeOS(state, kernel, root []byte) []Partition {
	return []Partition{
		{"STATE", gpt.TypeLinuxData, state}, {"KERN-A", gpt.TypeKernel, kernel}, {"ROOT-A", gpt.TypeRootfs, root},
	}
}

// Disk makes a disk image.
func Disk(t testing.TB, partitions []Partition) []byte {
	t.Helper()
	const alignment = 1 << 20
	table := &gpt.Table{GUID: "00000000-0000-4000-8000-000000000001"}
	d := memory(make([]byte, alignment))
	for i, p := range partitions {
		size := (len(p.Content) + alignment - 1) / alignment * alignment
		table.Partitions = append(table.Partitions, gpt.Partition{
			Number: i + 1, Name: p.Name, Type: p.Type, GUID: "00000000-0000-4000-8000-00000000001" + string(rune('0'+i)),
			Start: int64(len(d)), Size: int64(max(size, alignment)),
		})
		if p.Type == gpt.TypeKernel {
			table.Partitions[i].Attributes = gpt.KernelAttributes(10, 5, true)
		}
		d = append(append(d, p.Content...), make([]byte, max(size, alignment)-len(p.Content))...)
	}
	d = append(d, make([]byte, alignment)...)
	if err := table.Write(d, int64(len(d))); err != nil {
		t.Fatal(err)
	}
	return d
}

// memory is a disk.
type memory []byte

var errPast = errors.New("past the end")

func (m memory) WriteAt(p []byte, off int64) (int, error) {
	if off < 0 || off+int64(len(p)) > int64(len(m)) {
		return 0, errPast
	}
	return copy(m[off:], p), nil
}

func (memory) Sync() error { return nil }

// HugeTable is a disk whose partition table says that it has 2^32 entries.
func HugeTable(t testing.TB) []byte {
	d := Disk(t, ChromeOS(nil, nil, nil))
	header := bytes.LastIndex(d, []byte("EFI PART"))
	for _, at := range []int{512, header} {
		copy(d[at+80:], "\xff\xff\xff\xff")
	}
	return d
}
