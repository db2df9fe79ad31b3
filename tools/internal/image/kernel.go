package image

import (
	"fmt"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/kernel"
	"shimboot/tools/internal/seekable"
	"shimboot/tools/internal/vboot"
)

// kernelLimits bound what a kernel is unpacked to, to look into it.
func kernelLimits() kernel.Limits { return kernel.Limits{Kernel: 256 << 20, Initramfs: 256 << 20} }

// rootLimit is how many bytes of files the root behind a kernel may hold where
// its partition has no maxContent. What a shim starts is small; more than this
// is a root file system that was put into the wrong partition.
const rootLimit = 32 << 20

// Kernel is what the kernel of an image says of itself. It is signed: nobody
// can make it say anything else.
type Kernel struct {
	Release string `json:"release,omitempty"`
	Board   string `json:"board,omitempty"`
	// TmpfsBytes is the size of the tmpfs that the shim copies ROOT-A to; 0
	// where it is not known.
	TmpfsBytes int64 `json:"rootTmpfsBytes,omitempty"`
	// Fault is why it could not be looked into.
	Fault string `json:"fault,omitempty"`
}

// shimKernel looks into the first kernel of a spec. Only that it is a kernel
// that firmware could parse is demanded of it, and that later.
func shimKernel(s *Spec) *Kernel {
	for i := range s.Partitions {
		ps := &s.Partitions[i]
		if !ps.is(gpt.TypeKernel) || ps.Content.Raw == nil {
			continue
		}
		k, err := unpack(ps.Content.Raw.Path)
		if err != nil {
			return &Kernel{Fault: err.Error()}
		}
		return &Kernel{Release: k.Release, Board: k.Board, TmpfsBytes: k.Scripts.RootTmpfsBytes}
	}
	return nil
}

func unpack(path string) (*kernel.Kernel, error) {
	f, err := seekable.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size, err := seekable.Size(f)
	if err != nil {
		return nil, err
	}
	blob, err := vboot.Parse(f, size)
	if err != nil {
		return nil, err
	}
	return kernel.Unpack(blob, kernelLimits())
}

// checkRoot checks the root behind a kernel: the shim copies it to memory.
func (p *Plan) checkRoot(i int, maxContent string) error {
	root := &p.Partitions[i]
	if maxContent == "" && root.Bytes > rootLimit {
		return badinput.New("content").Got("%d bytes of files", root.Bytes).Want("at most %d behind a kernel", rootLimit).
			Fix("leave something out, or say how much the shim's tmpfs holds with maxContent")
	}
	used := root.Size - root.Free
	if p.Kernel != nil && p.Kernel.TmpfsBytes > 0 && used > p.Kernel.TmpfsBytes {
		return badinput.New("content").Got("%d bytes with what they take up", used).
			Want("at most %d, the tmpfs that the shim's initramfs copies them to", p.Kernel.TmpfsBytes).
			Fix("leave something out: the size is in the signed kernel")
	}
	return nil
}

// checkRoots checks all of them.
func (p *Plan) checkRoots(s *Spec) error {
	for i := 1; i < len(s.Partitions); i++ {
		if !s.Partitions[i-1].is(gpt.TypeKernel) {
			continue
		}
		if err := p.checkRoot(i, s.Partitions[i].MaxContent); err != nil {
			return fmt.Errorf("partition %d (%s): %w", i+1, s.Partitions[i].Name, err)
		}
	}
	return nil
}
