package gpt

import "shimboot/tools/internal/badinput"

// The kernel attributes are bits of a GPT entry's attribute field
// (firmware/lib/cgptlib/include/cgptlib_internal.h).
const (
	priorityShift   = 48
	triesShift      = 52
	successfulShift = 56
)

// Priority of a kernel partition, 0 to 15; 0 is never booted.
func (p *Partition) Priority() int { return int(p.Attributes >> priorityShift & 15) }

// Tries left, 0 to 15.
func (p *Partition) Tries() int { return int(p.Attributes >> triesShift & 15) }

// Successful tells whether the kernel is marked as having booted.
func (p *Partition) Successful() bool { return p.Attributes>>successfulShift&1 == 1 }

// KernelAttributes packs the three for an entry.
func KernelAttributes(priority, tries int, successful bool) uint64 {
	a := uint64(priority&15)<<priorityShift | uint64(tries&15)<<triesShift
	if successful {
		a |= 1 << successfulShift
	}
	return a
}

// Bootable tells whether firmware considers the entry at all.
func (p *Partition) Bootable() bool {
	return p.Type == TypeKernel && p.Priority() > 0 && (p.Successful() || p.Tries() > 0)
}

// Kernel is the partition that firmware boots first: the highest priority
// among the bootable ones, the lower number where two are equal
// (GptNextKernelEntry in firmware/lib/cgptlib/cgptlib.c).
func (t *Table) Kernel() (*Partition, error) {
	var best *Partition
	kernels := 0
	for i := range t.Partitions {
		p := &t.Partitions[i]
		if p.Type == TypeKernel {
			kernels++
		}
		if p.Bootable() && (best == nil || p.Priority() > best.Priority()) {
			best = p
		}
	}
	if best != nil {
		return best, nil
	}
	if kernels > 0 {
		return nil, badinput.New("kernel partition").Got("%d, none with a priority and tries left", kernels).
			Want("one that firmware would boot").Fix("choose one by number")
	}
	return nil, badinput.New("KERN-A").Got("%s, none of the ChromeOS kernel type", t).
		Want("a kernel partition").Fix("this is no ChromeOS image")
}

// RootOf is the root file system that belongs to a kernel: the partition of
// the next number, as root=PARTUUID=…/PARTNROFF=1 has it.
func (t *Table) RootOf(kernel *Partition) (*Partition, error) {
	root, err := t.Number(kernel.Number + 1)
	if err != nil {
		return nil, err
	}
	if root.Type != TypeRootfs {
		return nil, badinput.New("partition %d (%s)", root.Number, root.Name).Got("type %s", root.Type).
			Want("%s, a ChromeOS root file system", TypeRootfs)
	}
	return root, nil
}
