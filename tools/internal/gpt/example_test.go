package gpt_test

import (
	"bytes"
	"fmt"

	"shimboot/tools/internal/gpt"
)

// memory is a disk.
type memory []byte

func (m memory) WriteAt(p []byte, off int64) (int, error) { return copy(m[off:], p), nil }
func (m memory) Sync() error                              { return nil }

// A table for a kernel and its root, and what firmware makes of it.
func Example() {
	const mib = 1 << 20
	disk := make(memory, 8*mib)
	table := &gpt.Table{GUID: "00112233-4455-6677-8899-AABBCCDDEEFF", Partitions: []gpt.Partition{
		{
			Number: 1, Name: "KERN-A", Type: gpt.TypeKernel, GUID: "00112233-4455-6677-8899-AABBCCDDEE01",
			Start: 1 * mib, Size: 2 * mib, Attributes: gpt.KernelAttributes(10, 5, true),
		},
		{
			Number: 2, Name: "ROOT-A", Type: gpt.TypeRootfs, GUID: "00112233-4455-6677-8899-AABBCCDDEE02",
			Start: 3 * mib, Size: 4 * mib,
		},
	}}
	if err := table.Write(disk, int64(len(disk))); err != nil {
		panic(err)
	}
	read, err := gpt.Read(bytes.NewReader(disk), int64(len(disk)))
	if err != nil {
		panic(err)
	}
	kernel, err := read.Kernel()
	if err != nil {
		panic(err)
	}
	root, err := read.RootOf(kernel)
	if err != nil {
		panic(err)
	}
	problems, err := gpt.CheckFirmware(bytes.NewReader(disk), int64(len(disk)))
	fmt.Println(read)
	fmt.Println("kernel", kernel.Name, "priority", kernel.Priority(), "tries", kernel.Tries())
	fmt.Println("root", root.Name, gpt.TypeName(root.Type))
	fmt.Println("problems", len(problems), err)
	// Output:
	// partitions 1 KERN-A, 2 ROOT-A
	// kernel KERN-A priority 10 tries 5
	// root ROOT-A chromeos-rootfs
	// problems 0 <nil>
}
