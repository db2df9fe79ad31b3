package kernel

import (
	"fmt"

	"shimboot/tools/internal/arm64"
	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/fit"
	"shimboot/tools/internal/initramfs"
)

// FITReport is what the container of an ARM64 kernel says.
type FITReport struct {
	Size        int64  `json:"size"` // bytes of kernel.fit
	Description string `json:"description,omitempty"`
	// DefaultConfiguration is for boards that no configuration names.
	DefaultConfiguration string `json:"defaultConfiguration,omitempty"`
	// Configuration is the one whose kernel was taken.
	Configuration  string             `json:"configuration"`
	Kernel         FITKernel          `json:"kernel"`
	Configurations []FITConfiguration `json:"configurations"`
}

// FITKernel is the image that was taken. Its place is the report's payload.
type FITKernel struct {
	Name         string          `json:"name"`
	Type         string          `json:"type"`
	Arch         string          `json:"arch"`
	Compression  compress.Format `json:"compression"`
	LoadAddress  uint64          `json:"loadAddress"`
	EntryAddress uint64          `json:"entryAddress"`
	// From the Image's own header.
	TextOffset uint64 `json:"textOffset"`
	ImageSize  uint64 `json:"imageSize"`
}

// FITConfiguration is what to boot on some boards.
type FITConfiguration struct {
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Kernel      string   `json:"kernel"`
	FDT         []string `json:"fdt,omitempty"`
	Ramdisk     string   `json:"ramdisk,omitempty"`
	Compatible  []string `json:"compatible,omitempty"`
}

// unpackARM64 takes the Image out of a FIT. It is no ELF file: it is the
// kernel as it stands in memory, so that all of it is one segment.
func (k *Kernel) unpackARM64(limit int64) ([]initramfs.Segment, error) {
	var err error
	if k.FIT, err = fit.Parse(k.Blob.Body(), k.Blob.KernelSize(), k.Blob.BodyOffset()); err != nil {
		return nil, err
	}
	if k.Configuration, err = k.FIT.Choose(); err != nil {
		return nil, err
	}
	image := k.FIT.Image(k.Configuration.Kernel)
	if image.Arch == "arm" {
		return nil, badinput.New("kernel image %s", image.Name).At(k.Blob.BodyOffset()+image.Offset).
			Got("a FIT with a 32-bit ARM kernel").Want("an ARM64 one").Fix("%s", arm64.RefuseZImage().Remedy)
	}
	if k.Vmlinux, err = image.ReadAll(limit); err != nil {
		return nil, fmt.Errorf("kernel image %s: %w", image.Name, err)
	}
	if k.Image, err = arm64.Parse(k.Vmlinux); err != nil {
		return nil, fmt.Errorf("kernel image %s: %w", image.Name, err)
	}
	k.Arch = "aarch64"
	k.Payload = Layer{image.Compression, image.Offset, image.Size, int64(len(k.Vmlinux))}
	return []initramfs.Segment{{Data: k.Vmlinux, Word: 8}}, nil
}

func (k *Kernel) fitReport() *FITReport {
	if k.FIT == nil {
		return nil
	}
	image := k.FIT.Image(k.Configuration.Kernel)
	r := &FITReport{
		Size: k.FIT.Size, Description: k.FIT.Description,
		DefaultConfiguration: k.FIT.Default, Configuration: k.Configuration.Name,
		Kernel: FITKernel{
			Name: image.Name, Type: image.Type, Arch: image.Arch, Compression: image.Compression,
			LoadAddress: image.Load, EntryAddress: image.Entry,
			TextOffset: k.Image.TextOffset, ImageSize: k.Image.ImageSize,
		},
	}
	for _, c := range k.FIT.Configurations {
		r.Configurations = append(r.Configurations, FITConfiguration(*c))
	}
	return r
}
